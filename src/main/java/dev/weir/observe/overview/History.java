package dev.weir.observe.overview;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The figures of the last hour in steps of ten seconds: about 22 KB, whatever happens. Steps in which nothing was read are blank.
 * Owned by whoever made it.
 */
final class History {
    /** How long a step is. */
    static final Duration STEP = Duration.ofSeconds(10);

    /** How many there are at most. */
    static final int STEPS = 360;

    private final Map<Figure, float[]> kept = new EnumMap<>(Figure.class);
    private long newest = -1;
    private int size;

    /** Nothing is known yet. */
    History() {
        for (Figure figure : Figure.values()) {
            kept.put(figure, new float[STEPS]);
        }
    }

    /**
     * Adds a step.
     *
     * @param step its number, greater than those before
     */
    void add(long step, Figures figures) {
        long missed = newest < 0 ? 0 : Math.min(STEPS, step - newest - 1);
        kept.forEach((figure, values) -> {
            for (long blank = step - missed; blank < step; blank++) {
                values[place(blank)] = Float.NaN;
            }
            values[place(step)] = (float) figures.get(figure);
        });
        newest = step;
        size = (int) Math.min(STEPS, size + missed + 1);
    }

    private static int place(long step) {
        return (int) (step % STEPS);
    }

    /** Each figure as a list, oldest first, null where it is not known; figures that never were are left out. */
    JsonObject toJson() {
        JsonObject json = new JsonObject();
        kept.forEach((figure, values) -> {
            double[] known = inOrder(values);
            if (!Arrays.stream(known).allMatch(Double::isNaN)) {
                JsonArray list = new JsonArray();
                Arrays.stream(known).forEach(value -> list.add(Numbers.json(value)));
                json.put(figure.word(), list);
            }
        });
        return json;
    }

    private double[] inOrder(float[] values) {
        double[] known = new double[size];
        for (int i = 0; i < size; i++) {
            known[i] = values[place(newest - size + 1 + i)];
        }
        return known;
    }
}
