package dev.weir.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The names of the CloudEvents 1.0 context attributes and the rules for their values.
 *
 * <p>Rules are the specification's. What a URI-reference may hold is asked of those outside alone ({@link #check}), and characters
 * beyond ASCII are let through: an event that is here already is not lost for the looks of its source.
 */
public final class Attributes {
    /** Identifies the event together with {@link #SOURCE}. */
    public static final String ID = "id";
    /** Where the event comes from, a URI-reference. */
    public static final String SOURCE = "source";
    /** What happened: the event name that emitters listen for. */
    public static final String TYPE = "type";
    /** What it happened to; the key of the event. */
    public static final String SUBJECT = "subject";
    /** When it happened, RFC 3339. */
    public static final String TIME = "time";
    /** The media type of the data. */
    public static final String DATA_CONTENT_TYPE = "datacontenttype";
    /** The schema the data adheres to, a URI. */
    public static final String DATA_SCHEMA = "dataschema";
    /** The version of the specification, always {@link #SPEC_VERSION_1_0}. */
    public static final String SPEC_VERSION = "specversion";
    /** The payload. No attribute, but its name is taken. */
    public static final String DATA = "data";
    /** Extension: the W3C trace context. */
    public static final String TRACEPARENT = "traceparent";
    /** Extension: vendor data of the W3C trace context. */
    public static final String TRACESTATE = "tracestate";

    /** The only version of the specification that is understood. */
    public static final String SPEC_VERSION_1_0 = "1.0";
    /** The type of an event that names none: what a plain bus message becomes. */
    public static final String DEFAULT_TYPE = "message";
    /** The longest attribute name, in characters. */
    public static final int MAX_NAME_LENGTH = 20;

    // RFC 3339 has four digits for the year.
    private static final long MIN_TIME = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long MAX_TIME = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private Attributes() {}

    /** Whether the text may name an attribute: 1 to 20 characters of {@code a-z} and {@code 0-9}. */
    static boolean isName(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_NAME_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the name belongs to the specification, so that no extension may have it. */
    static boolean isCore(String name) {
        return switch (name) {
            case ID, SOURCE, TYPE, SUBJECT, TIME, DATA_CONTENT_TYPE, DATA_SCHEMA, SPEC_VERSION, DATA -> true;
            default -> false;
        };
    }

    /**
     * Checks an attribute that must be there.
     *
     * @throws InvalidEventException when it is missing, empty, or holds characters that CloudEvents forbids
     */
    static String required(String name, @Nullable String value) {
        if (value == null) {
            throw new InvalidEventException(name, "'" + name + "' is missing; every event needs one");
        }
        return nonEmpty(name, value);
    }

    /**
     * Checks an attribute that may be absent, but not empty.
     *
     * @throws InvalidEventException when it is empty, or holds characters that CloudEvents forbids
     */
    static @Nullable String optional(String name, @Nullable String value) {
        return value == null ? null : nonEmpty(name, value);
    }

    private static String nonEmpty(String name, String value) {
        if (value.isEmpty()) {
            throw new InvalidEventException(name, "'" + name + "' is empty; give it a value or leave it out");
        }
        return text(name, value);
    }

    /**
     * Checks an extension.
     *
     * @throws InvalidEventException when its name or value is not allowed
     */
    static void extension(String name, String value) {
        if (!isName(name)) {
            throw new InvalidEventException(
                    name, "'" + name + "' is no attribute name; use 1 to 20 characters of a-z and 0-9");
        }
        if (isCore(name)) {
            throw new InvalidEventException(
                    name, "'" + name + "' is defined by CloudEvents and cannot be an extension");
        }
        text(name, value);
    }

    /**
     * Checks one attribute in its text form, as a client wrote it.
     *
     * @throws InvalidEventException when its name or value is not allowed
     */
    static void check(String name, String value) {
        switch (name) {
            case ID, TYPE, SUBJECT, DATA_CONTENT_TYPE -> nonEmpty(name, value);
            case SOURCE, DATA_SCHEMA -> reference(name, nonEmpty(name, value));
            case TIME -> Rfc3339.parse(value);
            case SPEC_VERSION -> version(value);
            default -> extension(name, value);
        }
    }

    /**
     * The text form of a value as JSON has it: CloudEvents has strings, booleans and 32-bit integers, the specification's own
     * attributes only strings.
     *
     * @throws InvalidEventException when it is anything else
     */
    static String textOf(String name, Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (isCore(name) || !(value instanceof Boolean || value instanceof Integer)) {
            throw wrongType(name);
        }
        return value.toString();
    }

    /** The complaint about a value of a type that the attribute can not have. */
    static InvalidEventException wrongType(String name) {
        return new InvalidEventException(
                name,
                isCore(name)
                        ? "'" + name + "' must be a string"
                        : "'" + name
                                + "' must be a string, a boolean or a 32-bit integer; anything else belongs into data");
    }

    /** Whether the attribute is a URI-reference. */
    static boolean isReference(String name) {
        return name.equals(SOURCE) || name.equals(DATA_SCHEMA);
    }

    /** Whether the text may be a URI-reference. */
    static boolean isReferenceText(String value) {
        return badInReference(value) < 0;
    }

    private static void reference(String name, String value) {
        int bad = badInReference(value);
        if (bad >= 0) {
            throw new InvalidEventException(
                    name,
                    "'" + name + "' is no URI-reference: '" + value.charAt(bad) + "' at position " + bad
                            + " must be percent-encoded, as in /shop/orders%20eu");
        }
    }

    /** Where the first character stands that RFC 3986 has no place for, or -1. */
    private static int badInReference(String value) {
        for (int i = 0, n = value.length(); i < n; i++) {
            switch (value.charAt(i)) {
                case ' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}' -> {
                    return i;
                }
                case '%' -> {
                    if (i + 2 >= n || !isHex(value.charAt(i + 1)) || !isHex(value.charAt(i + 2))) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return -1;
    }

    private static boolean isHex(char c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    /** Checks that the version is the one that is understood. */
    static void version(String value) {
        if (!value.equals(SPEC_VERSION_1_0)) {
            throw new InvalidEventException(
                    SPEC_VERSION, "'specversion' is '" + value + "'; only \"1.0\" is understood");
        }
    }

    /** Checks that RFC 3339 can write the time. */
    static Instant time(@Nullable Instant time) {
        if (time == null) {
            throw new InvalidEventException(TIME, "'time' is missing");
        }
        long seconds = time.getEpochSecond();
        if (seconds < MIN_TIME || seconds > MAX_TIME) {
            throw new InvalidEventException(TIME, "'time' is outside the years 0000 to 9999");
        }
        return time;
    }

    /** Whether the characters may stand in a value. */
    static boolean isText(String value) {
        return value.codePoints().noneMatch(Attributes::isForbidden);
    }

    /** Checks the characters of a value: no controls, no unpaired surrogates, no noncharacters. */
    static String text(String name, String value) {
        for (int i = 0, n = value.length(); i < n; i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7E) {
                int codePoint = value.codePointAt(i);
                if (isForbidden(codePoint)) {
                    throw new InvalidEventException(
                            name,
                            String.format(
                                    "'%s' holds U+%04X at position %d; attributes take no control characters,"
                                            + " unpaired surrogates or noncharacters",
                                    name, codePoint, i));
                }
                i += Character.charCount(codePoint) - 1;
            }
        }
        return value;
    }

    private static boolean isForbidden(int c) {
        return c < 0x20
                || (c >= 0x7F && c <= 0x9F)
                || (c >= 0xD800 && c <= 0xDFFF)
                || (c >= 0xFDD0 && c <= 0xFDEF)
                || (c & 0xFFFE) == 0xFFFE;
    }
}
