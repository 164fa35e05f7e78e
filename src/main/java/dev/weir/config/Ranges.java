package dev.weir.config;

/** Bounds of single values, and the words for values that are wrong. Secrets are never repeated. Stateless. */
final class Ranges {
    private Ranges() {}

    /** True when the value is within the bounds of its key; else there is a problem. */
    static boolean check(Key key, String path, Object value, Location at, Problems problems) {
        Range range = key.range();
        double measure = Scalars.measure(value);
        if (range == null || (measure >= range.min() && measure <= range.max())) {
            return true;
        }
        problems.add(at, path + " is " + Scalars.format(value), "write " + bounds(key.element(), range));
        return false;
    }

    /** The bounds in words. */
    static String bounds(Class<?> type, Range range) {
        String min = Scalars.bound(type, range.min());
        return range.max() == Long.MAX_VALUE
                ? min + " or more"
                : "a value from " + min + " to " + Scalars.bound(type, range.max());
    }

    /** Notes a value that could not be read. */
    static void wrong(Key key, String path, IllegalArgumentException e, Location at, Problems problems) {
        if (key.secret()) {
            problems.add(at, path + " is not " + Kinds.name(key.element()), "");
            return;
        }
        String[] parts = String.valueOf(e.getMessage()).split("; ", 2);
        String said = parts[0].startsWith("is ") ? path + " " + parts[0] : path + ": " + parts[0];
        problems.add(at, said, parts.length > 1 ? parts[1] : "");
    }
}
