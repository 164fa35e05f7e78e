package dev.weir.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.event.Event;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** A log that began anew, or lost what an emitter had not heard: said, whoever listens. */
class ReceptionTest {
    @Test
    void missedEventsAreNeverSilent() {
        Vertx vertx = Vertx.vertx();
        try {
            List<Object> told = new ArrayList<>();
            Listeners listeners = new Listeners("orders", new LongAdder());
            Reception reception = new Reception(OwnContext.current(vertx), "orders", new Nodes(vertx), listeners);
            listeners.add("error", new Listeners.Entry((refusal, event) -> told.add(refusal), false), false);
            reception.missed(FailureCode.TRIMMED);
            Listener<Object> recovered = (said, event) -> told.add(said + " " + typeOf(event));
            listeners.add("recovered", new Listeners.Entry(recovered, false), false);
            reception.missed(FailureCode.EPOCH_CHANGED);
            assertThat(((Refusal) told.get(0)).code()).isEqualTo(FailureCode.TRIMMED);
            assertThat(told.get(1))
                    .isEqualTo(new JsonObject()
                                    .put("address", "orders")
                                    .put("recovered", false)
                                    .put("reason", "epoch_changed")
                            + " recovered");
        } finally {
            vertx.close().await();
        }
    }

    private static String typeOf(Event event) {
        return event.type();
    }
}
