package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of a flow's dead letters on {@code weir.dead-letters}, as is told of those of subscriptions. Stateless. */
record DeadLetterNews(String flow, Publisher publisher) {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterNews.class);

    void tell(FlowCommit.Dead letter) {
        String subscription = FlowJournal.subscription(flow);
        JsonArray failures = new JsonArray();
        for (FlowCommit.Failure failure : letter.failures()) {
            failures.add(new JsonObject()
                    .put("time", EventHeaders.formatTime(Instant.ofEpochMilli(failure.atMillis())))
                    .put("error", failure.error()));
        }
        FlowCommit.Place place = letter.place();
        JsonObject data = new JsonObject()
                .put("id", letter.id())
                .put("subscription", subscription)
                .put("hop", letter.hop().replaceFirst("@[0-9a-f]+$", ""))
                .put("address", place == null ? null : place.address())
                .put("offset", place == null ? null : place.at().offset())
                .put("reason", letter.reason())
                .put("attempts", letter.attempts())
                .put("failures", failures);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add(EventHeaders.TYPE, "dead-letter")
                .add(EventHeaders.SUBJECT, subscription);
        publisher
                .publish(Origin.node("flows/" + flow), Addresses.DEAD_LETTERS, headers, data, 0)
                .onFailure(
                        failure -> LOG.warn("a dead letter of flow {} was not told: {}", flow, failure.getMessage()));
    }
}
