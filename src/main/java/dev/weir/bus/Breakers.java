package dev.weir.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Shareable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers that the verticles of a node made, each for as long as somebody has it. Those of flows are shown by their
 * flows. Thread-safe.
 */
public final class Breakers implements Shareable {
    private static final String KEY = "breakers";
    private static final int MOST = 10_000;
    private static final int MOST_TOLD = 100;
    /** The worst last. */
    private static final List<String> STATES = List.of("closed", "half-open", "open");

    private record Place(String name, String verticle, String deployment) {}

    private record Shown(String name, String verticle) {}

    /** What is known of those with one name in one verticle. */
    private record Known(int count, int worst) {
        Known and(Known other) {
            return new Known(count + other.count, Math.max(worst, other.worst));
        }
    }

    private final Cache<Supplier<String>, Place> all =
            Caffeine.newBuilder().weakKeys().maximumSize(MOST).build();

    /** Those of the node that runs in this Vert.x instance; of an instance without one, others that nobody reads. */
    public static Breakers of(Vertx vertx) {
        Breakers shared = vertx.sharedData()
                .<String, Breakers>getLocalMap(Publisher.SHARED_MAP)
                .get(KEY);
        return shared == null ? new Breakers() : shared;
    }

    /** Leaves these where {@link #of} finds them. */
    public Breakers share(Vertx vertx) {
        vertx.sharedData().<String, Breakers>getLocalMap(Publisher.SHARED_MAP).put(KEY, this);
        return this;
    }

    /**
     * One was made.
     *
     * @param maker whose it is; null for code outside any verticle
     * @param state {@code closed}, {@code half-open} or {@code open}, asked by any thread; whoever has the breaker has to keep it
     */
    public void made(String name, @Nullable Context maker, Supplier<String> state) {
        String verticle = maker == null ? null : VerticleName.of(maker);
        String deployment = maker == null ? null : maker.deploymentID();
        all.put(
                state,
                new Place(name, Objects.requireNonNullElse(verticle, ""), Objects.requireNonNullElse(deployment, "")));
    }

    /**
     * Those that are there, by name and verticle: {@code name}, {@code verticle} where there is one, the worst {@code state}, and {@code
     * count} where there are several. The first hundred.
     *
     * @param deployed ids of all verticles; what those made that are gone is left out
     */
    public JsonArray describe(Set<String> deployed) {
        Map<Shown, Known> found =
                new TreeMap<>(Comparator.comparing(Shown::name).thenComparing(Shown::verticle));
        all.asMap().forEach((state, place) -> {
            if (place.deployment.isEmpty() || deployed.contains(place.deployment)) {
                Known one = new Known(1, Math.max(0, STATES.indexOf(state.get())));
                found.merge(new Shown(place.name, place.verticle), one, Known::and);
            }
        });
        JsonArray told = new JsonArray();
        found.entrySet().stream().limit(MOST_TOLD).forEach(each -> told.add(json(each.getKey(), each.getValue())));
        return told;
    }

    private static JsonObject json(Shown shown, Known known) {
        JsonObject json = new JsonObject().put("name", shown.name).put("state", STATES.get(known.worst));
        if (!shown.verticle.isEmpty()) {
            json.put("verticle", shown.verticle);
        }
        return known.count == 1 ? json : json.put("count", known.count);
    }
}
