package dev.weir.config;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Shows values of unknown grammar on one line, with anything that looks like a secret masked. Stateless. */
final class Masking {
    private static final Pattern SECRET_KEY =
            Pattern.compile(".*(secret|password|passwd|token|authorization|api-?key).*");
    private static final Pattern USER_INFO = Pattern.compile("(://[^/@:\\s]*):[^/@\\s]*@");

    private Masking() {}

    static String show(Yaml yaml) {
        if (yaml instanceof Yaml.Items list) {
            return list.items().stream().map(Masking::show).collect(Collectors.joining(", ", "[", "]"));
        }
        if (yaml instanceof Yaml.Fields map) {
            return map.fields().entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + field(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return USER_INFO.matcher(((Yaml.Scalar) yaml).text()).replaceAll("$1:" + Origins.MASK + "@");
    }

    static String field(String name, Yaml.Field field) {
        return SECRET_KEY.matcher(name.toLowerCase(Locale.ROOT)).matches() ? Origins.MASK : show(field.value());
    }
}
