package dev.weir.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A script on the command line: {@code js:FILE}, as the launcher names verticles, or {@code js FILE ARGUMENT...}.
 *
 * @param file as it was named
 * @param arguments those of the script
 */
public record Program(String file, List<String> arguments) {
    private static final String PREFIX = "js:";
    private static final List<String> FLAGS = List.of("-c", "-cluster", "--cluster");
    private static final List<String> WITH_VALUE = List.of("--conf", "-conf");

    /**
     * Leaves in {@code args} what the launcher takes: the verticle's name and its options. Null when no script is named.
     *
     * @throws UsageException when that makes no sense; the message says how to mend it
     */
    public static @Nullable Program takeFrom(List<String> args) {
        String first = args.isEmpty() ? "" : args.get(0);
        if (first.startsWith(PREFIX)) {
            return new Program(existing(first.substring(PREFIX.length())), List.of());
        }
        if (!first.equals("js")) {
            return null;
        }
        int at = 1;
        while (at < args.size() && args.get(at).startsWith("-")) {
            at += words(args, at);
        }
        if (at >= args.size()) {
            throw wrong("name a file to run");
        }
        List<String> rest = args.subList(at + 1, args.size());
        Program program = new Program(existing(args.get(at)), List.copyOf(rest));
        List<String> options = new ArrayList<>(args.subList(1, at));
        args.clear();
        args.add(PREFIX + program.file);
        args.addAll(options);
        return program;
    }

    /** How many words an option is. */
    private static int words(List<String> args, int at) {
        String option = args.get(at);
        if (WITH_VALUE.contains(option)) {
            if (at + 1 >= args.size()) {
                throw wrong(option + " needs a value");
            }
            return 2;
        }
        if (!FLAGS.contains(option) && WITH_VALUE.stream().noneMatch(name -> option.startsWith(name + "="))) {
            throw wrong("there is no option " + option + ", and those of the program stand behind its file");
        }
        return 1;
    }

    private static String existing(String file) {
        Path path = Path.of(file);
        if (Files.isRegularFile(path)) {
            return file;
        }
        throw wrong(
                Files.isDirectory(path)
                        ? file + " is a folder; name a file in it"
                        : "there is no file " + path.toAbsolutePath().normalize());
    }

    private static UsageException wrong(String what) {
        return new UsageException("weir js: " + what + ": weir js [--cluster] [--conf FILE] FILE [ARGUMENT...]");
    }
}
