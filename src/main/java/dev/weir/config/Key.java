package dev.weir.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One configuration key: a record's component and what its annotations say of it. */
record Key(RecordComponent component) {
    /** A key with its dotted path from the top. */
    record Path(String path, Key key) {
        String variable() {
            return Key.variable(path);
        }
    }

    /** The keys of a record, in its order; the place where it was written is none. */
    static List<Key> of(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .filter(component -> component.getType() != Location.class)
                .map(Key::new)
                .toList();
    }

    /** Every key below a record that an environment variable can set. */
    static Stream<Path> variables(Class<?> record, String prefix) {
        return of(record).stream().flatMap(key -> {
            String path = prefix + key.name();
            if (key.isSection()) {
                return variables(key.type(), path + ".");
            }
            return key.hasVariable() ? Stream.of(new Path(path, key)) : Stream.empty();
        });
    }

    /** The name of the variable that sets a key. */
    static String variable(String path) {
        return "WEIR_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** {@code sessionQueue} or {@code DROP_OLDEST} as YAML spells them. */
    static String kebab(String name) {
        return name.equals(name.toUpperCase(Locale.ROOT))
                ? name.toLowerCase(Locale.ROOT).replace('_', '-')
                : name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    String name() {
        return kebab(component.getName());
    }

    Class<?> type() {
        return component.getType();
    }

    /** What a list holds; the type itself for everything else. */
    Class<?> element() {
        return type() == List.class
                ? (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                : type();
    }

    boolean isSection() {
        return isSection(type());
    }

    /** True for records that are written as a map of keys. */
    static boolean isSection(Class<?> type) {
        return type.isRecord() && type != RawValue.class && type != SourceConfig.class && !Scalars.handles(type);
    }

    boolean hasVariable() {
        return Scalars.handles(element());
    }

    /** True when the grammar of the value belongs to another package. */
    boolean isRaw() {
        return type() == RawValue.class || type() == Map.class;
    }

    String doc() {
        Doc doc = component.getAnnotation(Doc.class);
        return doc == null ? "" : doc.value();
    }

    String example() {
        Doc doc = component.getAnnotation(Doc.class);
        return doc == null ? "" : doc.example();
    }

    @Nullable
    String defaultText() {
        Default value = component.getAnnotation(Default.class);
        return value == null ? null : value.value();
    }

    @Nullable
    Range range() {
        return component.getAnnotation(Range.class);
    }

    boolean secret() {
        return component.isAnnotationPresent(Secret.class);
    }

    boolean nullable() {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** True when a user has to write it. */
    boolean required() {
        return defaultText() == null && !nullable() && !isSection();
    }
}
