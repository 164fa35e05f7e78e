package dev.weir.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values that {@code WEIR_*} variables and the files named by {@code WEIR_*_FILE} give to keys. Immutable once read. */
final class Environment {
    /** Variables of the commands and scripts, which are no keys. */
    static final Set<String> RESERVED =
            Set.of("WEIR_HOME", "WEIR_URL", "WEIR_TOKEN", "WEIR_CONF", "WEIR_OPTS", "WEIR_JAVA");

    private static final String FILE = "_FILE";
    private final Map<String, Yaml.Scalar> byPath = new HashMap<>();

    /** No variables. */
    static final Environment NONE = new Environment();

    private Environment() {}

    /** Reads the variables of the given keys; unknown ones, pairs and unreadable files become problems. */
    static Environment read(Map<String, String> variables, List<Key.Path> keys, Path home, Problems problems) {
        Map<String, String> paths = keys.stream().collect(Collectors.toMap(Key.Path::variable, Key.Path::path));
        Environment environment = new Environment();
        new TreeMap<>(variables).forEach((name, value) -> {
            Location at = new Location(name, 0);
            String path = paths.get(name);
            String filePath = name.endsWith(FILE) ? paths.get(name.substring(0, name.length() - FILE.length())) : null;
            if (path != null) {
                environment.put(path, new Yaml.Scalar(value, Yaml.Kind.VARIABLE, at), problems);
            } else if (filePath != null) {
                String text = ConfigFiles.read(home.resolve(value), at, problems);
                if (text != null) {
                    environment.put(filePath, new Yaml.Scalar(trimmed(text), Yaml.Kind.VARIABLE, at), problems);
                }
            } else if (name.startsWith("WEIR_") && !RESERVED.contains(name)) {
                unknown(name, paths.keySet(), at, problems);
            }
        });
        return environment;
    }

    private void put(String path, Yaml.Scalar value, Problems problems) {
        Yaml.Scalar earlier = byPath.putIfAbsent(path, value);
        if (earlier != null) {
            problems.add(
                    value.at(),
                    path + " is set twice, by " + earlier.at() + " and " + value.at(),
                    "unset one of the two variables");
        }
    }

    private static void unknown(String name, Set<String> known, Location at, Problems problems) {
        String mend = Nearest.to(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("unset it, or see docs/configuration.md for the variable of each key");
        problems.add(at, "there is no key for this variable", mend);
    }

    private static String trimmed(String text) {
        return text.replaceFirst("\\r?\\n$", "");
    }

    Yaml.@Nullable Scalar get(String path) {
        return byPath.get(path);
    }

    /** True when some key below that section is set. */
    boolean hasBelow(String section) {
        return byPath.keySet().stream().anyMatch(path -> path.startsWith(section + "."));
    }
}
