package dev.weir.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the items of {@code sources:}, each written {@code - KIND: {options, to: ADDRESS}}. Stateless. */
final class Sources {
    private Sources() {}

    static @Nullable SourceConfig bind(String path, Yaml yaml, Problems problems, Origins.Builder origins) {
        if (!(yaml instanceof Yaml.Fields fields) || fields.fields().size() != 1) {
            String found = yaml instanceof Yaml.Fields many
                    ? "the keys " + String.join(", ", many.fields().keySet())
                    : yaml.found();
            problems.add(
                    yaml.at(),
                    path + " is " + found + ", expected one kind with its options below it",
                    "write it as in - timer: {every: 1s, to: ticks}");
            return null;
        }
        Map.Entry<String, Yaml.Field> only =
                fields.fields().entrySet().iterator().next();
        return options(path + "." + only.getKey(), only.getKey(), only.getValue(), yaml.at(), problems, origins);
    }

    private static @Nullable SourceConfig options(
            String path, String kind, Yaml.Field field, Location at, Problems problems, Origins.Builder origins) {
        if (!(field.value() instanceof Yaml.Fields options)) {
            problems.add(
                    field.keyAt(), path + " is " + field.value().found() + ", expected options", "add {to: ADDRESS}");
            return null;
        }
        Substitution.refuse(path + "[]", options, problems);
        options.fields()
                .forEach((name, option) -> origins.add(
                        path + "." + name,
                        Masking.field(name, option),
                        option.value().at()));
        if (!(options.get("to") instanceof Yaml.Scalar to)) {
            problems.add(
                    field.keyAt(), path + ".to is missing", "name the address its events go to, as in to: " + kind);
            return null;
        }
        Map<String, Yaml.Field> rest = new LinkedHashMap<>(options.fields());
        rest.remove("to");
        return new SourceConfig(kind, Yaml.raw(new Yaml.Fields(rest, options.at())), to.text(), at);
    }
}
