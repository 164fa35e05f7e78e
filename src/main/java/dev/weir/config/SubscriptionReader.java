package dev.weir.config;

import org.jspecify.annotations.Nullable;

/**
 * Reads a subscription that came as JSON by the same rules, with the same messages, as one that stands in the file. JSON is YAML, so
 * there is one reader. Stateless.
 */
public final class SubscriptionReader {
    private static final Location REQUEST = new Location("the request", 0);

    private SubscriptionReader() {}

    /**
     * The subscription, its keys spelled as in the file.
     *
     * @param json an object with the key {@code name}
     * @param problems gets everything that is wrong
     * @return null when there is too little of it to look further
     */
    public static @Nullable SubscriptionConfig read(String json, Problems problems) {
        Yaml yaml = new YamlReader(REQUEST.file(), problems).read(json);
        if (!(yaml instanceof Yaml.Fields fields)) {
            return null;
        }
        Binder binder = new Binder(problems, Environment.NONE, new Origins.Builder());
        return binder.bind(SubscriptionConfig.class, fields, REQUEST);
    }
}
