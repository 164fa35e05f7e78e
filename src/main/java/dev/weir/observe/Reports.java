package dev.weir.observe;

import dev.weir.bus.FailureText;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.bus.Report;
import dev.weir.event.EventHeaders;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who look on what this node is doing. What nobody listens to is not even put together, and nobody polls: who comes
 * asks once for all there is and hears of changes from then on. Owned by the event loop it was made on.
 */
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final Origin ORIGIN = Origin.node("reports");

    private final String node;
    private final Publisher publisher;
    private final LocalAnswers answers;
    private final Timers timers;

    /** @param node the node's id */
    public Reports(String node, Publisher publisher, LocalAnswers answers, Timers timers) {
        this.node = node;
        this.publisher = publisher;
        this.answers = answers;
        this.timers = timers;
    }

    /**
     * Adds a topic.
     *
     * @param every how often those who listen are told
     * @param news what they are told, an empty object when there is nothing; called only while somebody listens
     * @param whole all there is, for who asks
     */
    public void add(Report report, Duration every, Supplier<JsonObject> news, Supplier<JsonObject> whole) {
        answers.answer(report.question(), asked -> whole.get());
        tellEvery(report, every, news);
    }

    /** As {@link #add}, where putting it all together takes a moment. */
    public void addLater(Report report, Duration every, Supplier<JsonObject> news, Supplier<Future<JsonObject>> whole) {
        answers.answerLater(report.question(), asked -> whole.get());
        tellEvery(report, every, news);
    }

    /** Whether anybody listens to what is told of a topic. */
    public boolean isHeard(Report report) {
        return publisher.isHeard(report.address(node));
    }

    private void tellEvery(Report report, Duration every, Supplier<JsonObject> news) {
        String address = report.address(node);
        timers.every(every, () -> {
            if (publisher.isHeard(address)) {
                tell(address, report.topic(), news.get());
            }
        });
    }

    private void tell(String address, String type, JsonObject news) {
        if (news.isEmpty()) {
            return;
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, type);
        publisher
                .publish(ORIGIN, address, headers, news.put("node", node), 0)
                .onFailure(failure -> LOG.debug("{} was not told: {}", address, FailureText.of(failure)));
    }
}
