package dev.weir.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What {@code weir help} prints, and what of it is about one command. Stateless. */
final class Help {
    private static final String INDENT = "  ";
    private static final String COMMAND = INDENT + "weir ";

    private Help() {}

    static String all() throws IOException {
        try (var text = Help.class.getResourceAsStream("/help.txt")) {
            if (text == null) {
                throw new IOException("the help text is missing from this build");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The lines about a command, those about all commands that ask a node, and what exit codes say. */
    static String of(String command) throws IOException {
        List<String> about = new ArrayList<>();
        boolean wanted = false;
        String general = "";
        String heading = "";
        for (String line : all().lines().toList()) {
            if (!line.startsWith(INDENT)) {
                heading = line.isBlank() ? heading : line;
                wanted = false;
                if (line.startsWith("Exit codes")) {
                    about.addAll(general.isEmpty() ? List.of("", line) : List.of("", general, line));
                }
            } else if (!line.startsWith(INDENT + INDENT)) {
                wanted = (line.replace("[run]", "run") + " ").startsWith(COMMAND + command + " ");
            }
            if (wanted) {
                about.add(line);
                general = heading.startsWith("Clients") ? heading.replaceFirst(":$", ".") : "";
            }
        }
        return String.join(System.lineSeparator(), about) + System.lineSeparator();
    }
}
