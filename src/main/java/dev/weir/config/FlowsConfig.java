package dev.weir.config;

/** Where flows are declared. */
@Doc("Flows: declared processing of events, one file each.")
public record FlowsConfig(
        @Doc("The folder whose .yaml files are flows; relative to WEIR_HOME.") @Default("conf/flows")
        String path) {}
