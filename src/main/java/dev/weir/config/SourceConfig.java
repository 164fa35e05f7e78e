package dev.weir.config;

/**
 * One source: its kind, the options of that kind, and where its events go.
 *
 * @param kind as in {@code - timer: {...}}
 * @param options the map after the kind, keys in file order
 * @param to the address its events are published to
 * @param at where it was written
 */
public record SourceConfig(String kind, RawValue options, String to, Location at) {}
