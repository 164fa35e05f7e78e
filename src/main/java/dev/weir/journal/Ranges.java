package dev.weir.journal;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;

/** Sets of offsets as text: {@code 7,9-12}. Made for few and small gaps. Stateless. */
public final class Ranges {
    private Ranges() {}

    /** The offsets after {@code from} up to {@code to} that are not in {@code missing}. */
    public static String without(long from, long to, NavigableSet<Long> missing) {
        StringBuilder text = new StringBuilder();
        long start = from + 1;
        if (start > to) {
            return "";
        }
        for (long gap : missing.subSet(start, true, to, true)) {
            append(text, start, gap - 1);
            start = gap + 1;
        }
        append(text, start, to);
        return text.toString();
    }

    private static void append(StringBuilder text, long first, long last) {
        if (last < first) {
            return;
        }
        text.append(text.isEmpty() ? "" : ",").append(first);
        if (last > first) {
            text.append('-').append(last);
        }
    }

    /** Reads what {@link #without} made: the first offset of each range to its last. */
    public static NavigableMap<Long, Long> parse(String text) {
        NavigableMap<Long, Long> ranges = new TreeMap<>();
        if (text.isEmpty()) {
            return ranges;
        }
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            long first = Long.parseLong(dash < 0 ? part : part.substring(0, dash));
            ranges.put(first, dash < 0 ? first : Long.parseLong(part.substring(dash + 1)));
        }
        return ranges;
    }

    /** Whether an offset is in one of the ranges. */
    public static boolean contain(NavigableMap<Long, Long> ranges, long offset) {
        Map.Entry<Long, Long> range = ranges.floorEntry(offset);
        return range != null && offset <= range.getValue();
    }
}
