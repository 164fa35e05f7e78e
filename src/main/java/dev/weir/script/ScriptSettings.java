package dev.weir.script;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What scripts of a node may do. Immutable.
 *
 * @param home what relative paths resolve against; modules are read below it
 * @param folders where {@code fs} may read and write, absolute
 * @param environment the variables a script sees
 * @param arguments {@code process.argv} from its third entry
 * @param warnAfter how long a script may keep its loop before that is said
 * @param maxBlock how long before it is interrupted
 * @param restart whether a script starts again after an error nobody caught, with back-off, rather than stopping
 * @param watch whether a script starts again when one of its files changes
 * @param program whether the script ends when nothing is left to wait for, as a program does, rather than when it is undeployed
 * @param signals those of a program; null where they are the node's
 */
public record ScriptSettings(
        Path home,
        List<Path> folders,
        Map<String, String> environment,
        List<String> arguments,
        Duration warnAfter,
        Duration maxBlock,
        boolean restart,
        boolean watch,
        boolean program,
        @Nullable ScriptSignals signals) {
    public ScriptSettings {
        folders = List.copyOf(folders);
        environment = Map.copyOf(environment);
        arguments = List.copyOf(arguments);
    }

    /** Scripts of a node: nothing but modules below {@code home}. */
    public static ScriptSettings of(Path home) {
        return new ScriptSettings(
                home.toAbsolutePath().normalize(),
                List.of(),
                Map.of(),
                List.of(),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                true,
                false,
                false,
                null);
    }

    /** The same elsewhere. */
    public ScriptSettings at(Path other) {
        return new ScriptSettings(
                other.toAbsolutePath().normalize(),
                folders,
                environment,
                arguments,
                warnAfter,
                maxBlock,
                restart,
                watch,
                program,
                signals);
    }

    /** The same with other folders for {@code fs}. */
    public ScriptSettings withFolders(List<Path> allowed) {
        return new ScriptSettings(
                home, allowed, environment, arguments, warnAfter, maxBlock, restart, watch, program, signals);
    }

    /** The same with other variables. */
    public ScriptSettings withEnvironment(Map<String, String> seen) {
        return new ScriptSettings(
                home, folders, seen, arguments, warnAfter, maxBlock, restart, watch, program, signals);
    }

    /** The same with other bounds on how long a script keeps its loop. */
    public ScriptSettings withBlocking(Duration warned, Duration interrupted) {
        return new ScriptSettings(
                home, folders, environment, arguments, warned, interrupted, restart, watch, program, signals);
    }

    /** The same where a script starts again after an error, or when its files change. */
    public ScriptSettings withRestart(boolean onError, boolean onChange) {
        return new ScriptSettings(
                home, folders, environment, arguments, warnAfter, maxBlock, onError, onChange, program, signals);
    }

    /** The same for a script that is a program. */
    public ScriptSettings asProgram(List<String> given) {
        return new ScriptSettings(home, folders, environment, given, warnAfter, maxBlock, false, watch, true, signals);
    }

    /** The same for a script that gets the signals of its process. */
    public ScriptSettings withSignals(ScriptSignals own) {
        return new ScriptSettings(
                home, folders, environment, arguments, warnAfter, maxBlock, restart, watch, program, own);
    }
}
