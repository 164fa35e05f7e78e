package dev.weir.config;

import java.util.ArrayList;
import java.util.List;

/** Collects problems while a configuration is read, so that a user sees all of them at once. Not thread-safe. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Notes one problem. */
    public void add(Location at, String message, String mend) {
        found.add(new Problem(at, message, mend));
    }

    /** What was found so far. */
    public List<Problem> list() {
        return List.copyOf(found);
    }

    /** True when nothing was found. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** @throws ConfigException with all problems, if there are any */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(found);
        }
    }
}
