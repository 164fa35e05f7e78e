package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Asks every node of the cluster, this one included, a question of {@link LocalAnswers}. */
@FunctionalInterface
public interface ClusterQuery {
    /** All answers that came within 3 s, each with the field {@code node}. */
    Future<List<JsonObject>> ask(String question, JsonObject parameters);
}
