package dev.weir.script;

import io.vertx.core.Deployable;
import io.vertx.core.Promise;
import io.vertx.core.spi.VerticleFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Makes verticles of {@code js:FILE}. Registering it costs nothing: GraalVM is touched by the first script that is deployed. */
public final class ScriptVerticleFactory implements VerticleFactory {
    /** What names of scripts begin with. */
    public static final String PREFIX = "js";

    private final ScriptSettings settings;

    /** @param settings for all scripts it makes */
    public ScriptVerticleFactory(ScriptSettings settings) {
        this.settings = settings;
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public void createVerticle2(
            String verticleName, ClassLoader classLoader, Promise<Callable<? extends Deployable>> promise) {
        Path file = settings.home().resolve(VerticleFactory.removePrefix(verticleName));
        promise.complete(() -> new ScriptVerticle(file.normalize(), settings));
    }
}
