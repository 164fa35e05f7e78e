package dev.weir.journal;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * An attempt that failed.
 *
 * @param atMillis when
 * @param error what was wrong, at most {@link #MOST} characters
 */
public record Failure(long atMillis, String error) {
    /** Longest error that is kept, in characters. */
    public static final int MOST = 1_000;

    /** Cuts an error that is too long. */
    public Failure {
        error = error.length() <= MOST ? error : error.substring(0, MOST);
    }

    /** As it is stored and shown. */
    public static JsonArray toJson(List<Failure> failures) {
        JsonArray json = new JsonArray();
        failures.forEach(
                each -> json.add(new JsonObject().put("at", each.atMillis).put("error", each.error)));
        return json;
    }

    /** Reads what {@link #toJson} made. */
    public static List<Failure> fromJson(JsonArray json) {
        List<Failure> failures = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            JsonObject each = json.getJsonObject(i);
            failures.add(new Failure(each.getLong("at", 0L), each.getString("error", "")));
        }
        return failures;
    }
}
