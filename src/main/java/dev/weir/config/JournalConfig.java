package dev.weir.config;

/** Where journaled events will be kept. */
@Doc("Where journaled events are kept.")
public record JournalConfig(
        @Doc("Folder for the node's own data, below WEIR_HOME.") @Default("data")
        String path) {}
