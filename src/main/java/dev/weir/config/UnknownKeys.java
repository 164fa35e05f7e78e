package dev.weir.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Problems for keys that do not exist, each with what was probably meant. Stateless. */
final class UnknownKeys {
    private UnknownKeys() {}

    static void check(List<Key> known, String prefix, Yaml.Fields fields, Problems problems) {
        List<String> names = known.stream().map(Key::name).toList();
        fields.fields().forEach((name, field) -> {
            if (!names.contains(name)) {
                problems.add(field.keyAt(), "unknown key " + prefix + name, mend(name, names, prefix));
            }
        });
    }

    private static String mend(String name, List<String> names, String prefix) {
        Optional<String> nearest = Nearest.to(Key.kebab(name), names);
        if (nearest.isPresent()) {
            return "did you mean " + nearest.get() + "?";
        }
        Optional<String> elsewhere = sections(WeirConfig.class, "")
                .filter(path -> path.endsWith("." + name) && !path.startsWith(prefix + name))
                .findFirst();
        return elsewhere
                .map(path -> "it belongs below " + path.substring(0, path.lastIndexOf('.')))
                .orElse("known here: " + String.join(", ", names));
    }

    private static Stream<String> sections(Class<?> type, String prefix) {
        return Key.of(type).stream()
                .flatMap(key -> Key.isSection(key.element())
                        ? sections(key.element(), prefix + key.name() + ".")
                        : Stream.of(prefix + key.name()));
    }
}
