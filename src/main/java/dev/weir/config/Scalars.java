package dev.weir.config;

import dev.weir.time.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Single values: text to the type of a key and back. Stateless. */
final class Scalars {
    private static final Set<Class<?>> TYPES = Set.of(
            String.class,
            int.class,
            long.class,
            double.class,
            boolean.class,
            Duration.class,
            ByteSize.class,
            Rate.class);

    private Scalars() {}

    /** Thrown for a value that is not what its key takes; the message may hold the mend after a semicolon. */
    static final class BadValue extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        BadValue(String message) {
            super(message);
        }
    }

    static boolean handles(Class<?> type) {
        return TYPES.contains(type) || type.isEnum();
    }

    /**
     * The value of a scalar.
     *
     * @throws IllegalArgumentException when it is none of that type; what to write instead follows a semicolon
     */
    static Object parse(Class<?> type, Yaml.Scalar scalar) {
        String text = scalar.text();
        if (type == String.class) {
            if (scalar.kind() == Yaml.Kind.BOOL) {
                throw new BadValue("is " + text + ", expected text; put quotes around it");
            }
            return text;
        }
        if (type == int.class || type == long.class) {
            return whole(type, scalar);
        }
        if (type == double.class) {
            return decimal(scalar);
        }
        if (type == boolean.class) {
            return bool(scalar);
        }
        if (type.isEnum()) {
            return constant(type, text);
        }
        return written(type, text);
    }

    private static Object written(Class<?> type, String text) {
        try {
            if (type == Duration.class) {
                return Durations.parse(text);
            }
            return type == ByteSize.class ? ByteSize.parse(text) : Rate.parse(text);
        } catch (ArithmeticException e) {
            throw new BadValue("'" + text + "' is too large");
        }
    }

    private static Object whole(Class<?> type, Yaml.Scalar scalar) {
        boolean number = scalar.kind() == Yaml.Kind.WHOLE || scalar.kind() == Yaml.Kind.VARIABLE;
        try {
            long value = number ? Long.decode(scalar.text().trim().replace("0o", "0")) : Long.parseLong("");
            return type == int.class ? (Object) Math.toIntExact(value) : (Object) value;
        } catch (NumberFormatException e) {
            throw new BadValue("is " + scalar.found() + ", expected a whole number; " + unquote(scalar));
        } catch (ArithmeticException e) {
            throw new BadValue("is " + scalar.text() + ", which is out of range");
        }
    }

    private static String unquote(Yaml.Scalar scalar) {
        return scalar.kind() == Yaml.Kind.QUOTED && scalar.text().matches("-?\\d+")
                ? "write it without quotes"
                : "write digits only";
    }

    private static double decimal(Yaml.Scalar scalar) {
        try {
            double value = scalar.kind() == Yaml.Kind.QUOTED ? Double.NaN : Double.parseDouble(scalar.text());
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new BadValue("is " + scalar.found() + ", expected a number; write it as in 0.5");
        }
        throw new BadValue("is " + scalar.found() + ", expected a number; write it as in 0.5");
    }

    private static boolean bool(Yaml.Scalar scalar) {
        boolean either = scalar.text().equals("true") || scalar.text().equals("false");
        if (!either || scalar.kind() == Yaml.Kind.QUOTED) {
            throw new BadValue("is " + scalar.found() + ", expected true or false; write true or false without quotes");
        }
        return scalar.text().equals("true");
    }

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (Key.kebab(((Enum<?>) constant).name()).equals(text)) {
                return constant;
            }
        }
        List<String> names = names(type);
        String nearest =
                Nearest.to(text, names).map(n -> "did you mean " + n + "? ").orElse("");
        throw new BadValue("is '" + text + "'; " + nearest + "write one of " + String.join(", ", names));
    }

    /** The spellings of an enum. */
    static List<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> Key.kebab(((Enum<?>) constant).name()))
                .toList();
    }

    /** A value as a user would write it. */
    static String format(Object value) {
        if (value instanceof Duration duration) {
            return Durations.format(duration);
        }
        if (value instanceof Enum<?> constant) {
            return Key.kebab(constant.name());
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Scalars::format).collect(Collectors.joining(", ", "[", "]"));
        }
        return value.toString();
    }

    /** What a bound of {@link Range} counts: milliseconds, bytes or the number itself. */
    static double measure(Object value) {
        if (value instanceof Duration duration) {
            return duration.toMillis();
        }
        if (value instanceof ByteSize size) {
            return size.bytes();
        }
        if (value instanceof Rate rate) {
            return rate.perSecond();
        }
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    /** A bound of {@link Range} as a user would write it. */
    static String bound(Class<?> type, long bound) {
        if (type == Duration.class) {
            return Durations.format(Duration.ofMillis(bound));
        }
        return type == ByteSize.class ? new ByteSize(bound).toString() : Long.toString(bound);
    }
}
