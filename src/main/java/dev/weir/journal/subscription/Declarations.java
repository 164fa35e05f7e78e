package dev.weir.journal.subscription;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.Subscriptions;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.WorkStore;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions that were made over HTTP: kept in the journal, read at start, and read again when another node says that it
 * changed them, or every few seconds where nodes that share the journal may not hear of each other. Answers this node's edges:
 * {@code put {name, spec}} and {@code delete {name}}. Owned by the subscriptions' event loop.
 */
final class Declarations {
    /** What is done about it. */
    interface Workers {
        /** Stops the work of a subscription, and begins it no more until {@link #rejoin}. */
        Future<?> leave(String name);

        void rejoin(String name);

        /** Other subscriptions are in force. */
        void change();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Declarations.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final EngineJournal journal;
    private final Timers timers;
    private final Subscriptions subscriptions;
    private final Workers workers;
    private Map<String, String> specs = Map.of();
    private boolean known;
    private boolean asking;

    Declarations(Vertx vertx, EngineJournal journal, Timers timers, Subscriptions subscriptions, Workers workers) {
        this.vertx = vertx;
        this.journal = journal;
        this.timers = timers;
        this.subscriptions = subscriptions;
        this.workers = workers;
    }

    /** Answered once they are known; a journal that does not answer is asked again and again. */
    Future<?> start() {
        vertx.eventBus().<JsonObject>localConsumer(Addresses.SUBSCRIPTION_DESK, this::answer);
        if (journal.isShared()) {
            vertx.eventBus().consumer(Addresses.SUBSCRIPTIONS_CHANGED, word -> lookQuietly());
            timers.every(LOOK, this::lookRegularly);
        }
        return look().onFailure(failure -> timers.after(AGAIN, this::lookAgain)).otherwiseEmpty();
    }

    private void lookAgain() {
        look().onFailure(failure -> timers.after(AGAIN, this::lookAgain));
    }

    private void lookRegularly() {
        if (!asking) {
            asking = true;
            lookQuietly().onComplete(done -> asking = false);
        }
    }

    private Future<Void> lookQuietly() {
        return look().onFailure(failure -> LOG.debug("the subscriptions made over HTTP are read later", failure));
    }

    private Future<Void> look() {
        return journal.ask(WorkStore::declared).<Void>map(found -> {
            if (!known || !found.equals(specs)) {
                known = true;
                use(found);
                workers.change();
            }
            return null;
        });
    }

    /** The policies by which they are read are others now. */
    void readAnew() {
        if (known) {
            use(specs);
        }
    }

    private void use(Map<String, String> found) {
        specs = found;
        subscriptions.use(found);
        subscriptions.made().values().stream()
                .filter(made -> !made.problems().isEmpty())
                .forEach(made -> LOG.warn(
                        "subscription {}, made over HTTP, does not work now: {}", made.name(), made.problems()));
    }

    private void answer(Message<JsonObject> message) {
        JsonObject asked = message.body();
        String name = asked.getString("name", "");
        Future<JsonObject> answer =
                "delete".equals(asked.getString("op")) ? delete(name) : put(name, asked.getString("spec", ""));
        answer.onSuccess(done -> {
                    message.reply(done);
                    if (journal.isShared()) {
                        vertx.eventBus().publish(Addresses.SUBSCRIPTIONS_CHANGED, new JsonObject().put("v", 1));
                    }
                })
                .onFailure(failure -> Desk.refuse(message, failure));
    }

    private Future<JsonObject> put(String name, String spec) {
        boolean created = !specs.containsKey(name);
        return journal.declare(name, spec).compose(kept -> look()).map(done -> new JsonObject()
                .put("created", created));
    }

    private Future<JsonObject> delete(String name) {
        if (!specs.containsKey(name)) {
            return Future.failedFuture(new Refusal(FailureCode.NOT_FOUND, "there is no subscription with this name"));
        }
        // First it stops, so that what it keeps last is there when it goes, and not behind it.
        return workers.leave(name)
                .transform(left -> journal.declare(name, null))
                .compose(kept -> look())
                .onComplete(done -> {
                    workers.rejoin(name);
                    workers.change();
                })
                .map(done -> new JsonObject().put("deleted", true));
    }
}
