package dev.weir.observe;

import dev.weir.bus.Addresses;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.FailureCode;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Refusal;
import dev.weir.bus.Traces;
import dev.weir.bus.Traces.By;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an event: what the journal keeps of it, once, and what the nodes have recorded of it, from each. Answers this node's edges at
 * {@link Addresses#TRACE_DESK}. Owned by the context it was started on.
 */
public final class Trail {
    private static final Logger LOG = LoggerFactory.getLogger(Trail.class);
    private static final int LIMIT = 200;

    private final Vertx vertx;
    private final Supplier<@Nullable Traces> traces;
    private final ClusterQuery cluster;

    /** @param traces what searches the journal; null while there is none */
    public Trail(Vertx vertx, Supplier<@Nullable Traces> traces, ClusterQuery cluster) {
        this.vertx = vertx;
        this.traces = traces;
        this.cluster = cluster;
    }

    /** Begins to answer. */
    public Future<Void> start() {
        return vertx.eventBus()
                .<JsonObject>localConsumer(Addresses.TRACE_DESK, this::answer)
                .completion();
    }

    private void answer(Message<JsonObject> message) {
        Future<JsonObject> answer;
        try {
            answer = follow(message.body());
        } catch (Refusal refusal) {
            answer = Future.failedFuture(refusal);
        }
        answer.onSuccess(message::reply).onFailure(failure -> refuse(message, failure));
    }

    private static void refuse(Message<?> message, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            message.fail(refusal.code().number(), String.valueOf(refusal.getMessage()));
        } else {
            LOG.error("an event could not be followed", failure);
            message.fail(FailureCode.UNAVAILABLE.number(), FailureCode.UNAVAILABLE.meaning());
        }
    }

    private Future<JsonObject> follow(JsonObject asked) {
        TraceId id = TraceId.parse(asked.getString("id", ""));
        Set<By> by = id.ways(asked.getString("by"));
        Traces.Query query = new Traces.Query(
                id.text(),
                by,
                asked.getString("address"),
                asked.getLong("after", 0L),
                asked.getLong("before", Long.MAX_VALUE),
                LIMIT);
        Traces journal = traces.get();
        Future<Traces.@Nullable Found> kept =
                journal == null ? Future.succeededFuture() : journal.find(query).map(found -> found);
        return kept.compose(found -> recorded(query, found).map(spans -> TrailAnswer.of(query, found, spans)));
    }

    /** What nodes have recorded: of the id itself, and of all that the event with this id belongs to. */
    private Future<List<JsonObject>> recorded(Traces.Query query, Traces.@Nullable Found found) {
        List<JsonObject> questions = new ArrayList<>();
        for (By way : EnumSet.copyOf(query.by())) {
            questions.add(new JsonObject().put(way.name().toLowerCase(Locale.ROOT), query.id()));
        }
        String together = found == null ? null : TrailAnswer.correlationOf(query, found);
        if (together != null && !together.equals(query.id())) {
            questions.add(new JsonObject().put("correlation", together));
        }
        return ask(questions).compose(spans -> {
            String other = together == null ? TrailAnswer.correlationOf(query, spans) : null;
            return other == null || other.equals(query.id())
                    ? Future.succeededFuture(spans)
                    : ask(List.of(new JsonObject().put("correlation", other))).map(more -> joined(spans, more));
        });
    }

    private Future<List<JsonObject>> ask(List<JsonObject> questions) {
        List<Future<List<JsonObject>>> asked = questions.stream()
                .map(each -> cluster.ask(LocalAnswers.SPANS, each))
                .toList();
        return Future.all(asked).map(done -> {
            List<JsonObject> all = new ArrayList<>();
            asked.forEach(answers -> all.addAll(TrailAnswer.spans(answers.result())));
            return joined(List.of(), all);
        });
    }

    /** Each span once: one may answer several questions. */
    private static List<JsonObject> joined(List<JsonObject> spans, List<JsonObject> more) {
        Set<JsonObject> all = new java.util.LinkedHashSet<>(spans);
        all.addAll(more);
        return List.copyOf(all);
    }
}
