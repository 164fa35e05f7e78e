package dev.weir.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Notices files that lost their end, as a full disk, a broken copy or an editor in the middle of its work leave them: they would
 * often be a valid configuration of a node on which everything is closed. Stateless.
 */
final class Completeness {
    private static final Pattern KEY_WITHOUT_VALUE = Pattern.compile("\\s*(?:-\\s+)*([^#\\s][^#]*):\\s*");

    private Completeness() {}

    /** Notes what is wrong with the text of a file; {@code yaml} is what it holds. */
    static void check(String file, String text, @Nullable Yaml yaml, Problems problems) {
        if (yaml == null) {
            if (problems.isEmpty()) {
                problems.add(
                        new Location(file, 1),
                        text.isBlank() ? "the file is empty" : "the file holds no keys",
                        "begin with a key, as in addresses:, or write {} for a node on which every address is closed");
            }
            return;
        }
        String[] lines = text.split("\n", -1);
        int last = lines.length - 1;
        while (last > 0 && lines[last].isBlank()) {
            last--;
        }
        var open = KEY_WITHOUT_VALUE.matcher(lines[last]);
        if (open.matches()) {
            problems.add(
                    new Location(file, last + 1),
                    "the file ends behind '" + open.group(1) + ":' without a value; was it cut off?",
                    "write the value, or take the key out");
        }
    }
}
