package dev.weir.observe.overview;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** One number for each {@link Figure} that is known. Filled once, by one owner. */
final class Figures {
    private final Map<Figure, Double> known = new EnumMap<>(Figure.class);

    Figures put(Figure figure, double value) {
        if (!Double.isNaN(value) && !Double.isInfinite(value)) {
            known.put(figure, value);
        }
        return this;
    }

    /** NaN when it is not known. */
    double get(Figure figure) {
        return known.getOrDefault(figure, Double.NaN);
    }

    /** Those that are known, by name. */
    JsonObject toJson() {
        JsonObject json = new JsonObject();
        known.forEach((figure, value) -> json.put(figure.word(), Numbers.json(value)));
        return json;
    }
}
