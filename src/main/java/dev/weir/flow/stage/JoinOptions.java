package dev.weir.flow.stage;

import dev.weir.config.RawValue;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.StageOptions;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a join waits for, as it was written.
 *
 * @param named the events it waits for
 * @param size how many events complete it at the latest
 * @param predicate over the data of what is named, null without one
 * @param all whether it is complete when everything has come
 */
record JoinOptions(
        List<Named> named,
        long size,
        @Nullable Expression predicate,
        boolean all,
        long timeoutMillis,
        long quietMillis,
        String onTimeout,
        boolean keepFirst,
        Grouping grouping) {
    private static final String NAME = "[A-Za-z][A-Za-z0-9_]*";

    /** One that is waited for. */
    record Named(String name, Expression when, boolean many) {}

    JoinOptions {
        named = List.copyOf(named);
    }

    static JoinOptions read(StageOptions options) {
        List<Named> named = named(options);
        RawValue complete = options.raw("complete");
        boolean all = complete == null || "all".equals(complete.value());
        long size = options.count("max-size");
        Expression predicate = null;
        if (complete != null && complete.value() instanceof Long number) {
            size = number;
            if (number < 1 || number > options.count("max-size")) {
                options.wrong("complete", "found " + number, "write all, a number from 1 to max-size, or a condition");
            }
        } else if (!all && complete != null) {
            List<String> names = named.stream().map(Named::name).toList();
            predicate = options.compile("complete", complete, new Environment(names, List.of()));
        }
        String onTimeout =
                options.has("incomplete") && !options.has("on-timeout") ? "incomplete" : options.choice("on-timeout");
        if (onTimeout.equals("incomplete") != options.has("incomplete")) {
            options.wrong(
                    "on-timeout",
                    "on-timeout: incomplete and the side output incomplete belong together",
                    "write incomplete: {to: {address: ...}}, or remove it");
        }
        options.branch("incomplete");
        options.branch("other");
        return new JoinOptions(
                named,
                size,
                predicate,
                all,
                options.time("timeout").toMillis(),
                options.has("quiet") ? options.time("quiet").toMillis() : 0,
                onTimeout,
                options.choice("keep").equals("first"),
                Grouping.read(options));
    }

    private static List<Named> named(StageOptions options) {
        List<Named> all = new ArrayList<>();
        options.entries("on").forEach((name, raw) -> {
            if (!name.matches(NAME)) {
                options.wrong(
                        "on", raw, "'" + name + "' is no name", "use letters, digits and _, beginning with a letter");
            }
            all.add(named(options, name, raw));
        });
        if (all.isEmpty() && options.has("on")) {
            options.wrong("on", "nothing is waited for", "write it as in on: {payment: event.type == 'paid'}");
        }
        return all;
    }

    private static Named named(StageOptions options, String name, RawValue raw) {
        if (!(raw.value() instanceof Map<?, ?> given)) {
            return new Named(name, options.expression("on." + name, raw), false);
        }
        given.keySet().stream()
                .filter(key -> !key.equals("when") && !key.equals("many"))
                .forEach(key -> options.wrong("on." + name, raw, "unknown key " + key, "known: when, many"));
        if (!(given.get("when") instanceof RawValue when)) {
            options.wrong(
                    "on." + name, raw, "when is missing", "write it as in {when: event.type == 'paid', many: true}");
            return new Named(name, options.expression("on", RawValue.of("true")), false);
        }
        Object many = given.get("many") instanceof RawValue flag ? flag.value() : false;
        if (!(many instanceof Boolean)) {
            options.wrong("on." + name, raw, "many is true or false, found " + many, "write many: true");
        }
        return new Named(name, options.expression("on." + name, when), many.equals(true));
    }

    /** What an event is; null for none of what is waited for. */
    @Nullable
    Named find(FlowEvent event) {
        for (Named one : named) {
            if (one.when.test(event)) {
                return one;
            }
        }
        return null;
    }

    /** By what it is complete; null when it is not. */
    @Nullable
    String completedBy(Joined joined) {
        if (all && named.stream().allMatch(one -> joined.named.containsKey(one.name()))) {
            return "all";
        }
        if (predicate != null && predicate.test(slot -> value(joined, named.get(slot)))) {
            return "predicate";
        }
        return joined.size >= size ? "size" : null;
    }

    private static @Nullable Object value(Joined joined, Named one) {
        Object value = joined.named.getValue(one.name());
        return value == null && one.many ? new JsonArray() : value;
    }

    /** The names of what has not come. */
    String missing(Joined joined) {
        List<String> missing = named.stream()
                .map(Named::name)
                .filter(name -> !joined.named.containsKey(name))
                .toList();
        return String.join(",", missing);
    }
}
