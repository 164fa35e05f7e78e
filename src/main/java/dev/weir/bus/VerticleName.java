package dev.weir.bus;

import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.deployment.DeploymentContext;
import org.jspecify.annotations.Nullable;

/** What users call the verticle that some code belongs to: its class, or {@code js:FILE}. Stateless. */
public final class VerticleName {
    private static final String KEY = VerticleName.class.getName();

    private VerticleName() {}

    /** Names the verticle of a context, where it was not deployed by that name. */
    public static void set(Context context, String name) {
        context.put(KEY, name);
    }

    /** The verticle of a context; null for code that belongs to none. */
    public static @Nullable String of(Context context) {
        if (context.get(KEY) instanceof String given) {
            return given;
        }
        DeploymentContext deployment = ((ContextInternal) context).deployment();
        if (deployment == null) {
            return null;
        }
        String identifier = deployment.deployment().identifier();
        return identifier.substring(identifier.indexOf(':') + 1);
    }
}
