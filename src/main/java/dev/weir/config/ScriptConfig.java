package dev.weir.config;

import java.time.Duration;
import java.util.List;

/** What JavaScript verticles may do. */
@Doc("What JavaScript verticles may do.")
public record ScriptConfig(
        @Doc("Folders, below WEIR_HOME or absolute, that their fs module may read and write.") @Default("[]")
        List<String> folders,

        @Doc("Names of the environment variables they see as process.env.") @Default("[]")
        List<String> environment,

        @Doc("How long one may keep its event loop before the log says so.")
        @Default("500ms")
        @Range(min = 10, max = 600_000)
        Duration warnAfter,

        @Doc("How long one may keep its event loop before it is interrupted, which it cannot catch.")
        @Default("5s")
        @Range(min = 100, max = 600_000)
        Duration maxBlock,

        @Doc("Start one again when one of its files changes.") @Default("false")
        boolean watch) {}
