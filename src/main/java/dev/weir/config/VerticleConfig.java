package dev.weir.config;

import java.util.Map;

/** One verticle that the node deploys. */
@Doc("Code that runs inside the node.")
public record VerticleConfig(
        @Doc(value = "Class name, or any name a registered verticle factory takes.", example = "com.example.Orders")
        String deploy,

        @Doc("How many, each on its own event loop.") @Default("1") @Range(min = 1, max = 1024)
        int instances,

        @Doc("Given to the verticle as its config().") @Default("{}")
        Map<String, Object> config,

        Location at) {}
