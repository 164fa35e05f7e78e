package app;

import dev.weir.emitter.Emitter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;

/** Answers requests at the address hello. Deployed by conf/weir.yaml, compiled by ./weir when it changed. */
public class Hello extends VerticleBase {
    @Override
    public Future<?> start() {
        return Emitter.of(vertx, "hello")
                .respond(event -> Future.succeededFuture(new JsonObject().put("hello", event.extension("authid"))))
                .ready();
    }
}
