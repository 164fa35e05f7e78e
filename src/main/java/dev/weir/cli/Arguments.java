package dev.weir.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words after a command: options {@code --name value} or {@code --name=value}, and the rest. Unknown options are refused, so
 * a typing error never silently does something else.
 */
final class Arguments {
    private final Map<String, List<String>> options = new HashMap<>();
    private final List<String> words = new ArrayList<>();

    /** @param known names of options, without dashes */
    Arguments(List<String> given, Set<String> known) {
        for (int i = 0; i < given.size(); i++) {
            String each = given.get(i);
            if (!each.startsWith("--")) {
                words.add(each);
                continue;
            }
            int equals = each.indexOf('=');
            String name = equals < 0 ? each.substring(2) : each.substring(2, equals);
            if (!known.contains(name)) {
                throw new UsageException("unknown option --" + name
                        + (known.isEmpty()
                                ? "; this command has none"
                                : "; known: --"
                                        + String.join(
                                                ", --", known.stream().sorted().toList())));
            }
            if (equals < 0 && i + 1 >= given.size()) {
                throw new UsageException("--" + name + " needs a value");
            }
            String value = equals < 0 ? given.get(++i) : each.substring(equals + 1);
            options.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name)).map(values -> values.get(values.size() - 1));
    }

    /** {@code --limit}: a whole number from 1, all when absent. */
    long limit() {
        String text = option("limit").orElse("");
        if (!text.matches("|[1-9][0-9]{0,8}")) {
            throw new UsageException("--limit is a whole number from 1");
        }
        return text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
    }

    List<String> all(String name) {
        return options.getOrDefault(name, List.of());
    }

    /** Exactly one word. */
    String word(String meaning) {
        if (words.size() != 1) {
            throw new UsageException("expected " + meaning + ", got " + (words.isEmpty() ? "nothing" : words));
        }
        return words.get(0);
    }

    /** At least one word. */
    List<String> words(String meaning) {
        if (words.isEmpty()) {
            throw new UsageException("expected " + meaning);
        }
        return List.copyOf(words);
    }

    /** Any number of words. */
    List<String> words() {
        return List.copyOf(words);
    }

    void noWords() {
        if (!words.isEmpty()) {
            throw new UsageException("did not expect " + words);
        }
    }
}
