package dev.weir.journal.subscription;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureText;
import dev.weir.bus.Origin;
import dev.weir.bus.Position;
import dev.weir.bus.Publisher;
import dev.weir.event.EventHeaders;
import dev.weir.journal.Work;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators on system addresses what happened to subscriptions. Owned by the subscriptions' event loop. */
final class Announcer implements News {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final Origin ORIGIN = Origin.node("journal");

    private final Publisher publisher;

    Announcer(Publisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void buried(Work.DeadLetter letter) {
        JsonObject data = new JsonObject()
                .put("id", letter.id())
                .put("subscription", letter.subscription())
                .put("address", letter.place().address())
                .put("offset", letter.place().offset())
                .put("reason", letter.reason())
                .put("attempts", letter.attempts())
                .put("failures", DeadLetterDesk.failures(letter.failures()));
        publish(Addresses.DEAD_LETTERS, "dead-letter", letter.subscription(), data);
    }

    @Override
    public void skipped(Skipped events) {
        JsonObject data = new JsonObject()
                .put("subscription", events.subscription())
                .put("address", events.address())
                .put("from", new Position(events.epoch(), events.from()).toString())
                .put("to", new Position(events.epoch(), events.to()).toString())
                .put("events", events.events());
        publish(Addresses.SUBSCRIPTIONS, "skipped", events.subscription(), data);
    }

    private void publish(String address, String type, String subscription, JsonObject data) {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, type).add(EventHeaders.SUBJECT, subscription);
        publisher
                .publish(ORIGIN, address, headers, data, 0)
                .onFailure(failure -> LOG.warn("{} was not told of {}: {}", address, data, FailureText.of(failure)));
    }
}
