package dev.weir.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where commands print to. A {@link PrintStream} hides that nobody takes it any more, so that is asked for. Stateless. */
public final class Output {
    /** What was printed did not get there: the disk is full, or somebody like {@code head} has seen enough. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost() {
            super("standard output is closed or its disk is full; not all was written");
        }
    }

    private Output() {}

    /** A stream of the process, in UTF-8 whatever the locale: the JDK writes question marks in place of what the locale does not know. */
    public static PrintStream of(FileDescriptor stream) {
        return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
    }

    /**
     * Prints one line of many.
     *
     * @throws Lost when it did not get there
     */
    static void line(PrintStream out, String line) {
        out.println(line);
        check(out);
    }

    /** @throws Lost when something that was printed did not get there */
    static void check(PrintStream out) {
        if (out.checkError()) {
            throw new Lost();
        }
    }
}
