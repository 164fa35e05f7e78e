package dev.weir.observe.tap;

import dev.weir.bus.Addresses;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FailureText;
import dev.weir.bus.Ids;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.event.EventHeaders;
import dev.weir.expression.Expression;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The taps of a node. A tap is on every node, which shows what it accepts itself, so that each event is shown once. It is there while
 * somebody listens to its address; every node sees that for itself. Without a tap it does nothing. Owns all its state on its
 * event loop; those who publish see snapshots.
 */
public final class TapVerticle extends VerticleBase {
    /** How often it is told what was seen. */
    private static final Duration TICK = Duration.ofMillis(50);

    /** How long a tap waits for somebody to listen. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TapVerticle.class);

    private final String node;
    private final Publisher publisher;
    private final LocalAnswers answers;
    private final ClusterQuery cluster;
    private final Clock clock;
    private final Timers timers;
    private final TapTally tally;
    private final Map<String, Watch> watches = new LinkedHashMap<>();
    private Timers.@Nullable Timer ticking;

    /** @param node the node's id */
    public TapVerticle(
            String node,
            Publisher publisher,
            LocalAnswers answers,
            ClusterQuery cluster,
            Clock clock,
            Timers timers,
            TapTally tally) {
        this.node = node;
        this.publisher = publisher;
        this.answers = answers;
        this.cluster = cluster;
        this.clock = clock;
        this.timers = timers;
        this.tally = tally;
    }

    @Override
    public Future<?> start() {
        answers.answer(LocalAnswers.TAPS, this::answer);
        // Nobody waits for the others' taps: a node has to serve.
        cluster.ask(LocalAnswers.TAPS, new JsonObject().put("op", "list"))
                .onSuccess(parts -> parts.forEach(part ->
                        part.getJsonArray("taps", new JsonArray()).forEach(told -> adopt(Tap.of((JsonObject) told)))))
                .onFailure(failure -> LOG.warn("the taps of other nodes are not known: {}", FailureText.of(failure)));
        return vertx.eventBus()
                .<JsonObject>localConsumer(Addresses.TAP_DESK, this::hear)
                .completion();
    }

    @Override
    public Future<?> stop() {
        watches.clear();
        publisher.tap(null);
        return Future.succeededFuture();
    }

    /** Another node, or this one, tells of a tap or asks for them. */
    private JsonObject answer(JsonObject asked) {
        switch (asked.getString("op", "")) {
            case "put" -> adopt(Tap.of(asked.getJsonObject("tap")));
            case "drop" -> drop(asked.getString("id"));
            default -> LOG.debug("asked for taps");
        }
        JsonArray taps = new JsonArray();
        watches.values().forEach(watch -> taps.add(watch.tap().toJson()));
        return new JsonObject().put("taps", taps);
    }

    /** An edge of this node asks for a tap on behalf of somebody who may. */
    private void hear(Message<JsonObject> message) {
        JsonObject asked = message.body();
        try {
            Future<JsonObject> done =
                    switch (asked.getString("op", "")) {
                        case "open" -> open(asked.getJsonObject("tap"));
                        case "change" -> change(asked.getString("id"), asked.getJsonObject("tap"));
                        case "close" -> close(asked.getString("id"));
                        default -> throw new Refusal(FailureCode.INVALID_TYPE);
                    };
            done.onSuccess(message::reply).onFailure(failure -> refuse(message, failure));
        } catch (Refusal refusal) {
            refuse(message, refusal);
        }
    }

    private static void refuse(Message<JsonObject> message, Throwable failure) {
        Refusal refusal = failure instanceof Refusal told ? told : new Refusal(FailureCode.UNAVAILABLE);
        if (refusal != failure) {
            LOG.error("a tap failed", failure);
        }
        message.reply(new JsonObject()
                .put("refused", refusal.code().number())
                .put("message", refusal.getMessage())
                .put("pointer", refusal.pointer()));
    }

    private Future<JsonObject> open(JsonObject asked) {
        Tap tap = TapRequest.open(Ids.secret(), asked);
        if (watches.size() >= Tap.MOST_TAPS) {
            throw new Refusal(
                    FailureCode.BUSY,
                    Tap.MOST_TAPS + " taps are open in the cluster already; one ends 10 s after nobody listens to it");
        }
        return put(tap);
    }

    private Future<JsonObject> change(String id, JsonObject asked) {
        return put(TapRequest.change(known(id).tap(), asked));
    }

    private Future<JsonObject> close(String id) {
        Tap tap = known(id).tap();
        return cluster.ask(LocalAnswers.TAPS, new JsonObject().put("op", "drop").put("id", id))
                .map(told -> tap.toJson());
    }

    private Watch known(String id) {
        Watch watch = watches.get(id);
        if (watch == null) {
            throw new Refusal(FailureCode.NOT_FOUND, "there is no such tap; it ends 10 s after nobody listens to it");
        }
        return watch;
    }

    /** Once it is done every node that answers has the tap. */
    private Future<JsonObject> put(Tap tap) {
        JsonObject told = new JsonObject().put("op", "put").put("tap", tap.toJson());
        return compile(tap)
                .compose(fine -> cluster.ask(LocalAnswers.TAPS, told))
                .map(done -> tap.toJson());
    }

    private Future<@Nullable Expression> compile(Tap tap) {
        String filter = tap.filter();
        return filter == null
                ? Future.succeededFuture(null)
                : vertx.executeBlocking(() -> TapFilter.compile(filter), false);
    }

    private void adopt(Tap tap) {
        Watch before = watches.get(tap.id());
        if (before != null && before.tap().revision() >= tap.revision()) {
            return;
        }
        Watch watch = new Watch(tap, clock);
        use(before == null ? watch : watch.after(before));
        compile(tap).onSuccess(watch::use).onFailure(failure -> {
            LOG.warn("the filter of a tap means nothing to this node: {}", failure.getMessage());
            drop(tap.id());
        });
    }

    private void use(Watch watch) {
        watches.put(watch.tap().id(), watch);
        changed();
        if (ticking == null) {
            ticking = timers.every(TICK, this::tick);
        }
    }

    private void drop(String id) {
        if (watches.remove(id) != null) {
            changed();
        }
        if (watches.isEmpty() && ticking != null) {
            ticking.cancel();
            ticking = null;
        }
    }

    private void changed() {
        tally.open(watches.size());
        publisher.tap(watches.isEmpty() ? null : new Watches(watches.values()));
    }

    private void tick() {
        long nanos = clock.nanos();
        for (Watch watch : List.copyOf(watches.values())) {
            boolean heard = publisher.isHeard(watch.tap().address());
            if (heard) {
                watch.heard(nanos);
            } else if (watch.unheardNanos(nanos) > GRACE.toNanos()) {
                drop(watch.tap().id());
            }
            JsonObject told = watch.take(heard, nanos);
            if (told != null) {
                show(watch.tap(), told);
            }
        }
    }

    private void show(Tap tap, JsonObject told) {
        tally.showed(told.getLong("sent"), told.getLong("dropped"));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, "tap");
        publisher.show(tap.address(), headers, told.put("node", node).put("revision", tap.revision()));
    }
}
