package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.event.Event;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events for readers that set the pace. */
class EventStreamTest {
    private static TestNode node;

    private final List<Object> read = new CopyOnWriteArrayList<>();
    private final List<Object> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        node = TestNode.start(home, "addresses:\n  - {match: \"ticks.{of}\", publish: anyone}\n");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    /** Emits numbers, and comes back when a listener beside the stream has heard the last. */
    private static void emit(Emitter ticks, int from, int to) throws Exception {
        Future<Event> last = ticks.once("last");
        for (int n = from; n < to; n++) {
            ticks.emit("n", n);
        }
        ticks.emit("last");
        get(last);
    }

    private EventStream reading(EventStream stream) {
        return stream.exceptionHandler(failure -> told.add(failure.getClass().getSimpleName()))
                .endHandler(end -> told.add("end"))
                .handler(event -> read.add(event.data()));
    }

    @Test
    void theReaderSetsThePace() throws Exception {
        Emitter ticks = Emitter.of(node.vertx(), "ticks.pace");
        EventStream stream = reading(ticks.events("n").pause());
        get(ticks.ready());
        emit(ticks, 0, 5);
        assertThat(read).isEmpty();
        stream.fetch(2);
        await().untilAsserted(() -> assertThat(read).containsExactly(0, 1));
        stream.resume();
        await().untilAsserted(() -> assertThat(read).containsExactly(0, 1, 2, 3, 4));
        emit(ticks, 5, 6);
        await().untilAsserted(() -> assertThat(read).endsWith(5));
        get(ticks.close());
        await().untilAsserted(() -> assertThat(told).containsExactly("end"));
    }

    @Test
    void aSlowReaderIsToldBehindWhatItCanStillRead() throws Exception {
        Emitter ticks = Emitter.of(node.vertx(), "ticks.slow");
        EventStream stream = reading(ticks.events("n", 3, Overflow.FAIL).pause());
        get(ticks.ready());
        emit(ticks, 0, 10);
        assertThat(told).isEmpty();
        stream.resume();
        await().untilAsserted(() -> assertThat(told).containsExactly("SlowReaderException"));
        assertThat(read).containsExactly(0, 1, 2);
        await("nobody listens any more")
                .untilAsserted(() -> assertThat(get(ticks.listeners())).isZero());
    }

    @Test
    void withoutAnExceptionHandlerTheErrorListenersAreTold() throws Exception {
        Emitter ticks = Emitter.of(node.vertx(), "ticks.unheard");
        ticks.on("error", (Throwable failure, Event event) -> told.add(failure.getMessage()));
        ticks.events("n", 1, Overflow.FAIL).handler(event -> {
            throw new IllegalStateException("the reader's own");
        });
        ticks.events("n", 1, Overflow.FAIL).pause().handler(event -> {}).fetch(0);
        get(ticks.ready());
        emit(ticks, 0, 1);
        await().untilAsserted(() -> assertThat(told).containsExactly("the reader's own"));
    }

    @Test
    void theOldestAreDroppedAndCounted() throws Exception {
        Emitter ticks = Emitter.of(node.vertx(), "ticks.drop");
        EventStream stream = reading(ticks.events("n", 3, Overflow.DROP_OLDEST).pause());
        get(ticks.ready());
        emit(ticks, 0, 10);
        assertThat(stream.dropped()).isEqualTo(7);
        assertThat(metrics()).contains("weir_stream_drops_total 7.0");
        stream.resume();
        await().untilAsserted(() -> assertThat(read).containsExactly(7, 8, 9));
        stream.close();
        await().untilAsserted(() -> assertThat(told).containsExactly("end"));
    }

    @Test
    void aLimitBelowOneIsRefused() {
        Emitter ticks = Emitter.of(node.vertx(), "ticks.bad");
        assertThatThrownBy(() -> ticks.events("n", 0, Overflow.FAIL)).hasMessageContaining("1 event or more, not 0");
        assertThatThrownBy(() -> ticks.events().fetch(-1)).hasMessageContaining("0 or more, not -1");
    }

    private static String metrics() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(node.url("/metrics"))).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
