package dev.weir.cli;

import dev.weir.config.PasswordHash;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes of a password what the configuration keeps of it; asks for it without showing it, or reads a line of standard input. */
final class PasswordCommand {
    private static final int SHORTEST = 12;

    private final InputStream in;
    private final PrintStream out;

    PasswordCommand(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    int password(List<String> given) throws IOException {
        new Arguments(given, Set.of()).noWords();
        Console terminal = terminal();
        String password = terminal == null ? line() : asked(terminal);
        if (password.length() < SHORTEST) {
            throw new UsageException("the password has " + password.length() + " characters, at least " + SHORTEST
                    + " are needed; four or five random words are good");
        }
        out.println(PasswordHash.of(password).text());
        return ExitCode.OK;
    }

    private String line() throws IOException {
        String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new UsageException("no password came; type it at a terminal, or send it as a line of standard input");
        }
        return line;
    }

    private static String asked(Console terminal) {
        char[] first = terminal.readPassword("Password: ");
        char[] again = terminal.readPassword("Again: ");
        if (first == null || again == null) {
            throw new UsageException("no password came");
        }
        String password = new String(first);
        if (!password.equals(new String(again))) {
            throw new UsageException("the two are not the same");
        }
        return password;
    }

    /** Newer JDKs have a console also where there is no terminal; they have a method that says so. */
    @SuppressWarnings("SystemConsoleNull") // That is what is found out here.
    private static @Nullable Console terminal() {
        Console console = System.console();
        try {
            return console != null
                            && (boolean) Console.class.getMethod("isTerminal").invoke(console)
                    ? console
                    : null;
        } catch (ReflectiveOperationException olderThan22) {
            return console;
        }
    }
}
