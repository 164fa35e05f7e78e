package dev.weir.source;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * One field of a cron expression: {@code *}, numbers, names, ranges, lists and steps.
 *
 * @param values what matches
 * @param isStar whether it begins with {@code *}, which decides how the two day fields combine
 */
record CronField(BitSet values, boolean isStar) {
    /** What a field may hold. */
    enum Kind {
        MINUTE("minute", 0, 59, ""),
        HOUR("hour", 0, 23, ""),
        DAY("day of month", 1, 31, ""),
        MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
        WEEKDAY("day of week", 0, 7, "sun mon tue wed thu fri sat");

        private final String words;
        private final int min;
        private final int max;
        private final String names;

        Kind(String words, int min, int max, String names) {
            this.words = words;
            this.min = min;
            this.max = max;
            this.names = names;
        }
    }

    boolean matches(int value) {
        return values.get(value);
    }

    /** @throws IllegalArgumentException naming the field and what is wrong */
    static CronField parse(Kind kind, String text) {
        BitSet values = new BitSet();
        for (String part : text.split(",", -1)) {
            add(kind, part, values);
        }
        if (kind == Kind.WEEKDAY && values.get(7)) {
            values.set(0); // Sunday is 0 and 7.
        }
        return new CronField(values, text.startsWith("*"));
    }

    private static void add(Kind kind, String part, BitSet values) {
        int slash = part.indexOf('/');
        String range = slash < 0 ? part : part.substring(0, slash);
        int step = slash < 0 ? 1 : number(kind, part.substring(slash + 1), part);
        int dash = range.indexOf('-');
        int from = kind.min;
        int to = kind == Kind.WEEKDAY ? 6 : kind.max;
        if (dash > 0) {
            from = value(kind, range.substring(0, dash), part);
            to = value(kind, range.substring(dash + 1), part);
        } else if (!range.equals("*")) {
            from = value(kind, range, part);
            to = slash < 0 ? from : to;
        }
        if (from > to || step < 1) {
            throw wrong(kind, part, step < 1 ? "has a step below 1" : "is a range that runs backwards");
        }
        for (int value = from; value <= to; value += step) {
            values.set(value);
        }
    }

    private static int value(Kind kind, String text, String part) {
        int named = List.of(kind.names.split(" ", -1)).indexOf(text.toLowerCase(Locale.ROOT));
        int value = named >= 0 ? named + kind.min : number(kind, text, part);
        if (value < kind.min || value > kind.max) {
            throw wrong(kind, part, "is not within " + kind.min + " to " + kind.max);
        }
        return value;
    }

    private static int number(Kind kind, String text, String part) {
        if (!text.matches("\\d{1,4}")) {
            throw wrong(kind, part, "is no number" + (kind.names.isEmpty() ? "" : " or name"));
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException wrong(Kind kind, String part, String what) {
        return new IllegalArgumentException("the " + kind.words + " '" + part + "' " + what);
    }
}
