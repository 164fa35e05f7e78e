package dev.weir.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoardTest {
    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void deploy() throws Exception {
        vertx.deployVerticle(new Board()).await(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    void beginsWithNothing() throws Exception {
        assertThat(now())
                .isEqualTo(new JsonObject().put("events", new JsonArray()).put("clicks", 0));
    }

    @Test
    void keepsTheLastMinuteOfEachSource() throws Exception {
        for (int i = 1; i <= 70; i++) {
            metrics("host.metrics", "host", "weir/a", i);
        }
        metrics("host.metrics", "host", "weir/b", 1);
        metrics("node.metrics", "node", "weir/a", 1);

        JsonArray events = now().getJsonArray("events");

        assertThat(events).hasSize(62);
        assertThat(events.getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("address", "host.metrics")
                        .put("source", "weir/a")
                        .put("type", "host")
                        .put("time", "t11")
                        .put("data", new JsonObject().put("n", 11)));
    }

    @Test
    void forgetsTheSourcesThatWereSilentLongest() throws Exception {
        for (int i = 0; i < 40; i++) {
            metrics("node.metrics", "node", "weir/" + i, i);
        }
        assertThat(now().getJsonArray("events")).hasSize(32);
    }

    @Test
    void countsClicks() throws Exception {
        vertx.eventBus().publish("clicks", null).publish("clicks", new JsonObject().put("by", "x"));
        assertThat(now().getLong("clicks")).isEqualTo(2);
    }

    private void metrics(String address, String type, String source, int n) {
        DeliveryOptions headers = new DeliveryOptions()
                .addHeader("ce-source", source)
                .addHeader("ce-type", type)
                .addHeader("ce-time", "t" + n);
        vertx.eventBus().publish(address, new JsonObject().put("n", n), headers);
    }

    private JsonObject now() throws Exception {
        return vertx.eventBus()
                .<JsonObject>request("board.now", null)
                .await(30, TimeUnit.SECONDS)
                .body();
    }
}
