package dev.weir.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills records from YAML, the environment and the defaults in their annotations. A value that is wrong becomes a problem and
 * its default is taken, so that the rest is still checked. One per configuration; not thread-safe.
 */
final class Binder {
    private final Problems problems;
    private final Environment environment;
    private final Origins.Builder origins;

    Binder(Problems problems, Environment environment, Origins.Builder origins) {
        this.problems = problems;
        this.environment = environment;
        this.origins = origins;
    }

    /** The record, or null when a required key of a section that has no default is missing (then there is a problem). */
    <T extends Record> @Nullable T bind(Class<T> type, Yaml.@Nullable Fields fields, Location at) {
        return type.cast(section(type, "", fields, at));
    }

    private @Nullable Object section(Class<?> type, String prefix, Yaml.@Nullable Fields fields, Location at) {
        List<Key> keys = Key.of(type);
        if (fields != null) {
            UnknownKeys.check(keys, prefix, fields, problems);
        }
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        boolean complete = true;
        for (int i = 0; i < components.length; i++) {
            if (components[i].getType() == Location.class) {
                values[i] = at;
                continue;
            }
            Key key = new Key(components[i]);
            values[i] = value(key, prefix + key.name(), fields, at);
            complete &= values[i] != null || key.nullable();
        }
        return complete ? construct(type, values, at) : null;
    }

    private @Nullable Object value(Key key, String path, Yaml.@Nullable Fields fields, Location at) {
        Yaml written = environment.get(path);
        if (written == null && fields != null) {
            written = fields.get(key.name());
        }
        if (key.isSection()) {
            return subsection(key, path, written, at);
        }
        Object value = written == null ? null : convert(key, path, written);
        if (value != null) {
            return value;
        }
        String defaultText = key.defaultText();
        if (defaultText != null) {
            return convert(key, path, Defaults.yaml(defaultText));
        }
        if (key.nullable()) {
            origins.add(path, "(none)", Location.NONE);
        } else if (written == null) {
            String example = key.example().isEmpty() ? "" : ", as in " + key.name() + ": " + key.example();
            problems.add(at, path + " is missing", "add " + key.name() + example);
        }
        return null;
    }

    private @Nullable Object subsection(Key key, String path, @Nullable Yaml written, Location at) {
        if (written instanceof Yaml.Fields fields) {
            return section(key.type(), path + ".", fields, fields.at());
        }
        if (written != null) {
            String first = Key.of(key.type()).get(0).name();
            problems.add(
                    written.at(),
                    path + " is " + written.found() + ", expected keys",
                    "write keys below it, such as " + first + ":");
        }
        if (key.nullable() && !environment.hasBelow(path)) {
            origins.add(path, "(none)", Location.NONE);
            return null;
        }
        return section(key.type(), path + ".", null, at);
    }

    private @Nullable Object convert(Key key, String path, Yaml yaml) {
        if (key.type() == RawValue.class || key.type() == Map.class) {
            return raw(key, path, yaml);
        }
        if (key.type() == List.class) {
            return list(key, path, yaml);
        }
        Object value = scalar(key, path, yaml);
        if (value != null) {
            origins.add(path, key.secret() ? Origins.MASK : Scalars.format(value), yaml.at());
        }
        return value;
    }

    private @Nullable Object raw(Key key, String path, Yaml yaml) {
        Substitution.refuse(path, yaml, problems);
        if (key.type() == Map.class && !(yaml instanceof Yaml.Fields)) {
            problems.add(yaml.at(), path + " is " + yaml.found() + ", expected a map", "write {} or keys below it");
            return null;
        }
        origins.add(path, Masking.show(yaml), yaml.at());
        return key.type() == Map.class ? Yaml.plain(yaml) : Yaml.raw(yaml);
    }

    private @Nullable Object list(Key key, String path, Yaml yaml) {
        List<Yaml> items = items(key, yaml);
        if (items == null) {
            problems.add(
                    yaml.at(),
                    path + " is " + yaml.found() + ", expected a list",
                    "write [..] around it, or one item per line after a dash");
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Object value = item(key, path, path + "[" + i + "]", items.get(i));
            if (value != null) {
                values.add(value);
            }
        }
        if (key.hasVariable() || values.isEmpty()) {
            origins.add(path, key.secret() && !values.isEmpty() ? Origins.MASK : Scalars.format(values), yaml.at());
        }
        return List.copyOf(values);
    }

    private static @Nullable List<Yaml> items(Key key, Yaml yaml) {
        if (yaml instanceof Yaml.Scalar scalar && scalar.kind() == Yaml.Kind.VARIABLE && key.hasVariable()) {
            return Arrays.stream(scalar.text().split(",", -1))
                    .map(String::trim)
                    .filter(text -> !text.isEmpty())
                    .<Yaml>map(text -> new Yaml.Scalar(text, Yaml.Kind.VARIABLE, scalar.at()))
                    .toList();
        }
        return yaml instanceof Yaml.Items list ? list.items() : null;
    }

    private @Nullable Object item(Key key, String listPath, String path, Yaml yaml) {
        Class<?> element = key.element();
        if (element == SourceConfig.class) {
            return Sources.bind(path, yaml, problems, origins);
        }
        if (!Key.isSection(element)) {
            return scalar(key, listPath, yaml);
        }
        if (yaml instanceof Yaml.Fields fields) {
            return section(element, path + ".", fields, yaml.at());
        }
        String first = Key.of(element).get(0).name();
        problems.add(
                yaml.at(), path + " is " + yaml.found() + ", expected keys", "begin each item with - " + first + ":");
        return null;
    }

    private @Nullable Object scalar(Key key, String path, Yaml yaml) {
        if (!(yaml instanceof Yaml.Scalar scalar) || Yaml.isNothing(yaml)) {
            problems.add(
                    yaml.at(),
                    path + " is " + yaml.found() + ", expected " + Kinds.name(key.element()),
                    key.example().isEmpty() ? "" : "write it as in " + key.example());
            return null;
        }
        if (Substitution.refuse(path, yaml, problems)) {
            return null;
        }
        try {
            Object value = Scalars.parse(key.element(), scalar);
            return Ranges.check(key, path, value, scalar.at(), problems) ? value : null;
        } catch (IllegalArgumentException e) {
            Ranges.wrong(key, path, e, scalar.at(), problems);
            return null;
        }
    }

    private @Nullable Object construct(Class<?> type, @Nullable Object[] values, Location at) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            problems.add(at, String.valueOf(cause == null ? e : cause.getMessage()), "");
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no public record", e);
        }
    }
}
