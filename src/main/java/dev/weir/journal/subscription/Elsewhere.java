package dev.weir.journal.subscription;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.time.Clock;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription that a node owns with which this one shares the journal, but no cluster: then its consumers here would wait for an
 * owner for ever, so that they, and the log, are told how to mend it. In a cluster it does nothing. Owned by one event loop.
 */
final class Elsewhere {
    private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);

    private final Vertx vertx;
    private final Clock clock;
    private final String name;
    private final long patienceNanos;
    private long sinceNanos;
    private boolean refused;
    private @Nullable MessageConsumer<JsonObject> desk;

    /** @param patience longer than a claim of a node that is gone lives */
    Elsewhere(Vertx vertx, Clock clock, String name, Duration patience) {
        this.vertx = vertx;
        this.clock = clock;
        this.name = name;
        this.patienceNanos = patience.toNanos();
    }

    /** Another node has the claim. */
    void owned() {
        if (vertx.isClustered() || desk != null) {
            return;
        }
        if (!refused) {
            refused = true;
            sinceNanos = clock.nanos();
        } else if (clock.nanos() - sinceNanos > patienceNanos) {
            String why = "another node owns the subscription '" + name + "', and this one shares its journal but no"
                    + " cluster with it: start the nodes with --cluster, or send the consumers to that one";
            LOG.warn("{}", why);
            desk = vertx.eventBus()
                    .localConsumer(
                            Addresses.ofSubscription(name),
                            message -> message.fail(FailureCode.UNAVAILABLE.number(), why));
        }
    }

    /** It is not, or that is not known any more. */
    void over() {
        refused = false;
        if (desk != null) {
            desk.unregister().onFailure(failure -> LOG.debug("{} is still answered for", name, failure));
            desk = null;
        }
    }
}
