package dev.weir.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The effective value of every key and where it came from, in the order of the reference. Immutable.
 *
 * @param entries one per key; secrets are masked
 */
public record Origins(List<Entry> entries) {
    /** Shown instead of a secret. */
    public static final String MASK = "********";

    /**
     * One key.
     *
     * @param key its path, as in {@code http.port} or {@code addresses[0].match}
     * @param value as a user would write it; {@code (none)} when absent, {@link #MASK} for secrets
     * @param at file and line, environment variable, or {@link Location#NONE} for a default
     */
    public record Entry(String key, String value, Location at) {}

    public Origins {
        entries = List.copyOf(entries);
    }

    /** Where a key's value was written; for a section, its first key; {@link Location#NONE} for a default. */
    public Location at(String key) {
        return entries.stream()
                .filter(entry -> entry.key.equals(key) || entry.key.startsWith(key + "."))
                .map(Entry::at)
                .filter(at -> !at.equals(Location.NONE))
                .findFirst()
                .orElse(Location.NONE);
    }

    /** Collects entries while a configuration is read. */
    static final class Builder {
        private final Set<String> keys = new HashSet<>();
        private final List<Entry> entries = new ArrayList<>();

        void add(String key, String value, Location at) {

            if (keys.add(key)) {
                entries.add(new Entry(key, value, at));
            }
        }

        Origins build() {
            return new Origins(entries);
        }
    }
}
