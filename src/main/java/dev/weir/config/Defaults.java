package dev.weir.config;

import java.util.List;
import java.util.Map;

/** The YAML of {@link Default}, read without an engine in the common case of a single value. Stateless. */
final class Defaults {
    private Defaults() {}

    static Yaml yaml(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            String inner = text.substring(1, text.length() - 1).trim();
            List<Yaml> items = inner.isEmpty()
                    ? List.of()
                    : List.of(inner.split("\\s*,\\s*")).stream()
                            .map(Defaults::scalar)
                            .toList();
            return new Yaml.Items(items, Location.NONE);
        }
        return text.equals("{}") ? new Yaml.Fields(Map.of(), Location.NONE) : scalar(text);
    }

    private static Yaml scalar(String text) {
        return new Yaml.Scalar(text, Yaml.Kind.VARIABLE, Location.NONE);
    }
}
