package dev.weir.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script on the command line: {@code js:FILE}, as the launcher names verticles, or {@code js FILE ARGUMENT...}.
 *
 * @param arguments those of the script
 */
public record Program(List<String> arguments) {
    /** Leaves in {@code args} what the launcher takes: the verticle's name and its options. Null when no script is named. */
    public static @Nullable Program takeFrom(List<String> args) {
        String first = args.isEmpty() ? "" : args.get(0);
        if (first.startsWith("js:")) {
            return new Program(List.of());
        }
        int file = 1;
        while (file < args.size() && args.get(file).startsWith("-")) {
            file += args.get(file).equals("--conf") ? 2 : 1;
        }
        if (!first.equals("js") || file >= args.size()) {
            return null;
        }
        List<String> own = args.subList(file + 1, args.size());
        Program program = new Program(List.copyOf(own));
        own.clear();
        args.set(0, "js:" + args.remove(file));
        return program;
    }
}
