package dev.weir.example;

import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import dev.weir.event.Event;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;

/** A verticle as its author writes it, against the published classes alone: confirms orders and says who did. */
public final class Shop extends VerticleBase {
    @Override
    public Future<?> start() {
        Emitter orders = Emitter.of(vertx, "orders");
        orders.on("placed", (JsonObject order, Event event) -> confirm(orders, order, event));
        Emitter prices = Emitter.of(vertx, "prices").respond(event -> Future.succeededFuture(12));
        return Future.all(orders.ready(), prices.ready());
    }

    private void confirm(Emitter orders, JsonObject order, Event event) {
        JsonObject confirmation =
                new JsonObject().put("n", order.getInteger("n")).put("by", config().getString("name"));
        orders.emit("confirmed", confirmation, EmitOptions.key(event.subject()).causedBy(event));
    }
}
