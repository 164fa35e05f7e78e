package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.bus.Journal;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.edge.auth.ConsoleDoor;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads in the record of who did what which tokens of the console were given back before this node started, so that a restart, even
 * of all nodes at once, lets none of them in again. Where nothing is kept there is nothing to read. Owned by the node's context.
 */
final class EarlierSignOuts {
    private static final Logger LOG = LoggerFactory.getLogger(EarlierSignOuts.class);
    private static final Duration BACK = Duration.ofDays(90);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final int PAGE = 1_000;

    private final Node node;
    private final ConsoleDoor door;

    EarlierSignOuts(Node node, ConsoleDoor door) {
        this.node = node;
        this.door = door;
    }

    /** Reads it; what cannot be read now is read as soon as it can, and keeps nobody waiting. */
    Future<Void> read() {
        Journal journal = node.publisher().journal();
        if (journal == null || node.publisher().keepOf(Addresses.AUDIT) == null) {
            return Future.succeededFuture();
        }
        long since = node.clock().millis() - BACK.toMillis();
        return journal.offsetBefore(Addresses.AUDIT, since)
                .otherwise(0L)
                .compose(from -> page(journal, from))
                .recover(failure -> {
                    LOG.warn(
                            "tokens of the console that were given back before this start may be taken until {} can be read: {}",
                            Addresses.AUDIT,
                            failure.getMessage());
                    node.timers().after(AGAIN, this::read);
                    return Future.succeededFuture();
                });
    }

    private Future<Void> page(Journal journal, long from) {
        return journal.read(Addresses.AUDIT, from, PAGE).compose(kept -> {
            kept.events().forEach(this::look);
            return isLast(kept) ? Future.succeededFuture() : page(journal, kept.to());
        });
    }

    private static boolean isLast(Kept kept) {
        return kept.to() >= kept.head().head() || kept.to() <= kept.from();
    }

    private void look(KeptEvent event) {
        if (ConsoleDoor.SIGNED_OUT.equals(event.headers().get(EventHeaders.TYPE))
                && event.body() instanceof JsonObject data
                && data.getValue("what") instanceof JsonObject what) {
            door.signedOut(what);
        }
    }
}
