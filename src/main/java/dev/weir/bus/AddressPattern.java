package dev.weir.bus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code match} of a policy: literal segments, {@code {name}} for exactly one segment, {@code **} for one or more last
 * segments. The more specific of two patterns is the one with the more specific segment at the first place where they
 * differ, counted from the left: literal, then {@code {name}}, then {@code **}. So {@code chat.lobby} beats
 * {@code chat.{room}} beats {@code chat.**} beats {@code **}, and {@code a.{x}} beats {@code {y}.b} for {@code a.b}.
 */
public final class AddressPattern implements Comparable<AddressPattern> {
    private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_-]{0,39})}");
    private static final String REST = "**";

    private final String text;
    private final String[] segments;
    private final @Nullable String[] variables;

    private AddressPattern(String text, String[] segments, @Nullable String[] variables) {
        this.text = text;
        this.segments = segments;
        this.variables = variables;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException with a message for the user when the text is no pattern
     */
    public static AddressPattern parse(String text) {
        String[] segments = text.split("\\.", -1);
        @Nullable String[] variables = new String[segments.length];
        for (int i = 0; i < segments.length; i++) {
            variables[i] = variableOf(text, segments[i], i == segments.length - 1);
        }
        List<String> named = Arrays.stream(variables).filter(v -> v != null).toList();
        if (named.stream().distinct().count() < named.size()) {
            throw new IllegalArgumentException("'" + text + "' uses a variable twice");
        }
        return new AddressPattern(text, segments, variables);
    }

    private static @Nullable String variableOf(String text, String segment, boolean last) {
        var matcher = VARIABLE.matcher(segment);
        if (matcher.matches()) {
            return matcher.group(1);
        }
        if (segment.equals(REST) ? last : Addresses.isValid(segment)) {
            return null;
        }
        throw new IllegalArgumentException("'" + text + "' is not a match: segment '" + segment
                + "' must be letters, digits and _~@:+-, {name}, or ** as the last one");
    }

    /** Whether the pattern is one address. */
    public boolean isLiteral() {
        return !hasRest() && Arrays.stream(variables).allMatch(v -> v == null);
    }

    /** The pattern as clients subscribe to it: variables as {@code *}. */
    public String subscription() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < segments.length; i++) {
            parts.add(variables[i] == null ? segments[i] : "*");
        }
        return String.join(".", parts);
    }

    /** The names of its variables. */
    public List<String> variables() {
        return Arrays.stream(variables)
                .filter(v -> v != null)
                .map(String::valueOf)
                .toList();
    }

    /** Whether the address matches. */
    public boolean matches(String address) {
        int start = 0;
        for (int i = 0; i < segments.length; i++) {
            if (start > address.length()) {
                return false;
            }
            if (isRest(i)) {
                return start < address.length();
            }
            int dot = address.indexOf('.', start);
            int end = dot < 0 ? address.length() : dot;
            if (variables[i] == null && !regionEquals(address, start, end, segments[i])) {
                return false;
            }
            start = end + 1;
        }
        return start == address.length() + 1;
    }

    /** The values of the variables in an address that matches. */
    public Map<String, String> bind(String address) {
        String[] parts = address.split("\\.", -1);
        Map<String, String> bound = new HashMap<>();
        for (int i = 0; i < variables.length; i++) {
            String name = variables[i];
            if (name != null) {
                bound.put(name, parts[i]);
            }
        }
        return bound;
    }

    private static boolean regionEquals(String address, int start, int end, String segment) {
        return end - start == segment.length() && address.startsWith(segment, start);
    }

    private boolean hasRest() {
        return isRest(segments.length - 1);
    }

    private boolean isRest(int index) {
        return segments[index].equals(REST);
    }

    private int rank(int index) {
        if (index >= segments.length) {
            return -1;
        }
        return isRest(index) ? 2 : variables[index] != null ? 1 : 0;
    }

    /** The shape, which two patterns share exactly when they match the same addresses. */
    public String shape() {
        return subscription();
    }

    /** Orders the more specific first; zero only for patterns of the same shape or that can never match the same address. */
    @Override
    public int compareTo(AddressPattern other) {
        int longest = Math.max(segments.length, other.segments.length);
        for (int i = 0; i < longest; i++) {
            int byRank = Integer.compare(rank(i), other.rank(i));
            if (byRank != 0) {
                return byRank;
            }
        }
        return shape().compareTo(other.shape());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressPattern p && p.shape().equals(shape());
    }

    @Override
    public int hashCode() {
        return shape().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
