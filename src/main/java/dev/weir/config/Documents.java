package dev.weir.config;

import org.jspecify.annotations.Nullable;

/** Reads YAML files whose grammar another package owns, by the same rules and with the same messages as the configuration. */
public final class Documents {
    private Documents() {}

    /**
     * Reads one document that is a map; where nothing was written, or null, there is {@link RawValue#NOTHING}.
     *
     * @param label the file as the user named it
     * @return null when it is none, then there is a problem
     */
    public static @Nullable RawValue read(String label, String text, Problems problems) {
        Yaml yaml = new YamlReader(label, problems).read(text);
        if (yaml instanceof Yaml.Fields) {
            Completeness.check(label, text, yaml, problems);
            return Yaml.rawWithNothing(yaml);
        }
        if (problems.isEmpty()) {
            problems.add(
                    yaml == null ? new Location(label, 0) : yaml.at(),
                    "the file holds " + (yaml == null ? "nothing" : yaml.found()) + ", expected keys",
                    "begin with a key, as in flow: NAME");
        }
        return null;
    }
}
