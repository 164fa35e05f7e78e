package dev.weir.flow;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How what came out of one version of a flow differs from what came out of another. What is alike in all is the same; of the rest, what
 * has target, type, key and cause in common is the same event changed, and so is what has target, type, key and time in common.
 *
 * @param same how many are the same
 * @param changes the others, in the order of what came out now, what is gone behind
 */
record Difference(int same, List<Change> changes) {
    /**
     * One that is not the same.
     *
     * @param before null when it is new
     * @param now null when it is gone
     */
    record Change(@Nullable Emission before, @Nullable Emission now) {
        String word() {
            return before == null ? "added" : now == null ? "removed" : "changed";
        }

        JsonObject toJson() {
            JsonObject json = new JsonObject().put("change", word());
            if (before != null) {
                json.put("before", before.toJson());
            }
            return now == null ? json : json.put("now", now.toJson());
        }
    }

    Difference {
        changes = List.copyOf(changes);
    }

    private record Exactly(Likely who, String data, long atMillis) {}

    private record Likely(
            String to,
            @Nullable String type,
            @Nullable String key,
            @Nullable String cause) {}

    private record Then(
            String to, @Nullable String type, @Nullable String key, long atMillis) {}

    /** @param timed whether times matter; not where one of them ran on the wall clock */
    static Difference of(List<Emission> before, List<Emission> now, boolean timed) {
        Matching matching = new Matching(before, now);
        matching.match(one -> new Exactly(likely(one), text(one.data()), timed ? one.atMillis() : 0));
        int same = matching.pairs.size();
        List<Emission> others = matching.now;
        matching.pairs.clear();
        matching.match(Difference::likely);
        if (timed) {
            matching.match(one -> new Then(one.to(), one.type(), one.key(), one.atMillis()));
        }
        List<Change> changes = new ArrayList<>();
        others.forEach(one -> changes.add(new Change(matching.pairs.get(one), one)));
        matching.before.forEach(one -> changes.add(new Change(one, null)));
        return new Difference(same, changes);
    }

    /** Finds partners one likeness after the other, each in order. */
    private static final class Matching {
        /** By what came out now, the very object. */
        final IdentityHashMap<Emission, Emission> pairs = new IdentityHashMap<>();

        List<Emission> before;
        List<Emission> now;

        Matching(List<Emission> before, List<Emission> now) {
            this.before = before;
            this.now = now;
        }

        void match(Function<Emission, Object> likeness) {
            Map<Object, Deque<Emission>> open = new LinkedHashMap<>();
            before.forEach(one -> open.computeIfAbsent(likeness.apply(one), first -> new ArrayDeque<>(1))
                    .add(one));
            Set<Emission> taken = Collections.newSetFromMap(new IdentityHashMap<>());
            List<Emission> alone = new ArrayList<>();
            for (Emission one : now) {
                Deque<Emission> alike = open.get(likeness.apply(one));
                Emission partner = alike == null ? null : alike.poll();
                if (partner == null) {
                    alone.add(one);
                } else {
                    pairs.put(one, partner);
                    taken.add(partner);
                }
            }
            before = before.stream().filter(one -> !taken.contains(one)).toList();
            now = alone;
        }
    }

    private static Likely likely(Emission one) {
        return new Likely(one.to(), one.type(), one.key(), one.cause());
    }

    /** The same for the same value, whatever the order of its fields and the kind of its numbers. */
    private static String text(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            StringBuilder text = new StringBuilder("{");
            new TreeMap<>(object.getMap()).forEach((name, field) -> text.append(Json.encode(name))
                    .append(':')
                    .append(text(field))
                    .append(','));
            return text.append('}').toString();
        }
        if (value instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((name, field) -> object.put(String.valueOf(name), field));
            return text(object);
        }
        if (value instanceof JsonArray array) {
            return array.stream().map(Difference::text).toList().toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Difference::text).toList().toString();
        }
        if (value instanceof Number number) {
            return Double.toString(number.doubleValue());
        }
        return value instanceof Buffer bytes ? "bytes " + Json.encode(bytes.getBytes()) : Json.encode(value);
    }

    int count(String word) {
        return (int) changes.stream().filter(one -> one.word().equals(word)).count();
    }
}
