package dev.weir.config;

import java.util.Map;

/** One verticle that the node deploys. */
@Doc("Code that runs inside the node.")
public record VerticleConfig(
        @Doc(value = "Class name, or js:FILE for a JavaScript file.", example = "com.example.Orders")
        String deploy,

        @Doc("How many, each on its own event loop.") @Default("1") @Range(min = 1, max = 1024)
        int instances,

        @Doc("Given to the verticle as its config().") @Default("{}")
        Map<String, Object> config,

        @Doc("What a script does after an error that nobody caught: start again, after a pause that grows, or stop.")
        @Default("restart")
        OnError onError,

        Location at) {
    /** What a script does after an error that nobody caught. */
    public enum OnError {
        /** Starts again, after a pause that grows up to half a minute. */
        RESTART,
        /** Is undeployed. */
        STOP
    }
}
