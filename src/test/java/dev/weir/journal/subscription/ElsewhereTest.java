package dev.weir.journal.subscription;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.bus.SubscriptionWire;
import dev.weir.time.VirtualTime;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What consumers are told on a node that shares a journal with the owner, but no cluster. */
class ElsewhereTest {
    private final Vertx vertx = Vertx.vertx();
    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Elsewhere elsewhere = new Elsewhere(vertx, time, "billing", Duration.ofSeconds(8));

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    private void saying(String message) {
        assertThatThrownBy(() -> new SubscriptionWire(vertx).status("billing").await(60, TimeUnit.SECONDS))
                .hasMessageContaining(message);
    }

    @Test
    void theyAreToldOnceItIsCertainThatTheOwnerLives() {
        elsewhere.owned();
        time.advance(Duration.ofSeconds(8));
        elsewhere.owned();
        saying("another takes over within 10 s");
        time.advance(Duration.ofSeconds(1));
        elsewhere.owned();
        saying("start the nodes with --cluster");
        elsewhere.over();
        elsewhere.owned();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> saying("another takes over within 10 s"));
    }
}
