package dev.weir.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.config.ConfigException;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import dev.weir.event.Event;
import dev.weir.time.Timers;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What users write their tests with, used as they do. */
@WithWeir("""
        addresses:
          - {match: orders, publish: anyone, subscribe: anyone}
          - {match: reminders, publish: anyone, subscribe: anyone, history: anyone, keep: {events: 100, age: 1h}}
          - {match: ticks, subscribe: anyone}
        sources:
          - timer: {every: 10m, to: ticks}
        """)
class WithWeirTest {
    private static int get(URI node, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(node.resolve(path)).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aTestGetsWhatItNeeds(URI uri, Vertx vertx, WeirNode node, @At("orders") Emitter orders) throws Exception {
        assertThat(get(uri, "/health/ready")).isEqualTo(200);
        assertThat(node.vertx()).isSameAs(vertx);
        List<Object> heard = new CopyOnWriteArrayList<>();
        orders.on("placed", (Integer data, Event event) -> heard.add(data));
        orders.ready().compose(ready -> orders.emit("placed", 12)).await();
        await().until(() -> heard.equals(List.of(12)));
    }

    @Test
    void anHourIsOverAtOnce(WeirTime time, @At("reminders") Emitter reminders, @At("ticks") Emitter ticks) {
        List<String> heard = new CopyOnWriteArrayList<>();
        AtomicInteger ticked = new AtomicInteger();
        reminders.on("*", (data, event) -> heard.add(event.type()));
        ticks.on("*", (data, event) -> ticked.incrementAndGet());
        reminders.ready().compose(ready -> ticks.ready()).await();
        reminders
                .emit("later", null, EmitOptions.NONE.deliverAfter(Duration.ofMinutes(30)))
                .await();
        time.advance("29m");
        reminders.emit("now").await();
        await().until(() -> heard.equals(List.of("now")));
        time.advance("1m");
        await().until(() -> heard.equals(List.of("now", "later")));
        await().until(() -> ticked.get() >= 2);
    }

    @Test
    void timersOfOnesOwnJumpToo(Vertx vertx, WeirTime time) {
        AtomicInteger fired = new AtomicInteger();
        Timers.of(vertx).after(Duration.ofHours(2), fired::incrementAndGet);
        long before = time.millis();
        time.advance(Duration.ofMinutes(10));
        assertThat(fired).hasValue(0);
        assertThat(time.millis() - before).isGreaterThanOrEqualTo(600_000);
    }

    @Test
    @WithWeir(value = "addresses: [{match: mine, publish: anyone}]", environment = "WEIR_HTTP_MAX_LAG=2m")
    void aMethodMayHaveANodeOfItsOwn(WeirNode own, @At("mine") Emitter mine, @At("orders") Emitter orders) {
        mine.emit("x").await();
        assertThatThrownBy(() -> orders.emit("x").await()).hasMessageContaining("no policy declares");
        own.reload();
    }

    @Nested
    class Inside {
        @Test
        void nestedClassesShareTheNodeAround(@At("orders") Emitter orders) {
            orders.emit("x").await();
        }
    }

    @Test
    void aConfigurationThatIsWrongSaysWhere() {
        assertThatThrownBy(() -> WeirNode.start("http: {prot: 1}", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("weir.yaml:1")
                .hasMessageContaining("prot");
    }
}
