package dev.weir.config;

/** What the node writes to its log. */
@Doc("What the node writes to its log.")
public record LogConfig(
        @Doc("text for people, json for machines.") @Default("text")
        Format format,

        @Doc("Least severe level written.") @Default("info") Level level,

        @Doc("A line for every HTTP request that ended, tokens taken out.") @Default("false")
        boolean access) {
    /** Layout of a log line. */
    public enum Format {
        TEXT,
        JSON
    }

    /** Severity. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }
}
