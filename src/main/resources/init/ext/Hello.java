import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;

/** Answers requests on the address hello. Compile it into a jar in ext/ and name it under verticles: in conf/weir.yaml. */
public class Hello extends VerticleBase {
    @Override
    public Future<?> start() {
        return vertx.eventBus().<JsonObject>consumer("hello", message -> message.reply(new JsonObject()
                .put("hello", message.headers().get("ce-authid")))).completion();
    }
}
