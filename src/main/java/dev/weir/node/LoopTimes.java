package dev.weir.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.bus.VerticleState.Work;
import dev.weir.script.ScriptVerticleFactory;
import dev.weir.time.Clock;
import io.vertx.core.impl.VertxThread;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.internal.deployment.DeploymentContext;
import io.vertx.core.spi.VertxThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How long event loops worked for each verticle of the users: for its messages, timers, requests and answers, whatever runs on its
 * contexts. Vert.x sets the class loader of a thread whenever it begins or ends something for a context, so the event loops that are
 * made here look at that moment for whom they work, and at the clock where that changed from or to a verticle that is measured. For
 * Weir's own verticles that is one comparison. What runs on worker threads is not counted. Thread-safe.
 */
final class LoopTimes {
    private static final String OWN = "java:dev.weir.";
    private static final String SCRIPT = ScriptVerticleFactory.PREFIX + ":";

    /** What event loops did for one deployment. */
    static final class Worked {
        private final LongAdder runs = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        Work read() {
            return new Work(runs.sum(), nanos.sum());
        }
    }

    private final Clock clock = Clock.system();
    /** Forgets verticles that are gone. */
    private final Cache<DeploymentContext, Worked> all =
            Caffeine.newBuilder().weakKeys().build();

    /** Makes the event loops of the instance that is built, unless somebody else does. */
    void measure(VertxBootstrap bootstrap) {
        if (bootstrap.threadFactory() == null) {
            bootstrap.threadFactory(new Threads());
        }
    }

    /** What was done for a verticle so far, and will be. */
    Worked of(DeploymentContext deployment) {
        return all.get(deployment, first -> new Worked());
    }

    /** Null for Weir's own, and for scripts, which know it themselves. */
    private @Nullable Worked find(DeploymentContext deployment) {
        String name = deployment.deployment().identifier();
        return name.startsWith(OWN) || name.startsWith(SCRIPT) ? null : of(deployment);
    }

    private final class Threads implements VertxThreadFactory {
        @Override
        public VertxThread newVertxThread(
                Runnable target, String name, boolean worker, long maxExecTime, TimeUnit maxExecTimeUnit) {
            return worker
                    ? new VertxThread(target, name, true, maxExecTime, maxExecTimeUnit)
                    : new Loop(target, name, maxExecTime, maxExecTimeUnit);
        }
    }

    /** An event loop. What it knows is its own. */
    private final class Loop extends VertxThread {
        private @Nullable DeploymentContext lookedUp;
        private @Nullable Worked found;
        private @Nullable Worked running;
        private long sinceNanos;

        Loop(Runnable target, String name, long maxExecTime, TimeUnit maxExecTimeUnit) {
            super(target, name, false, maxExecTime, maxExecTimeUnit);
        }

        @Override
        public void setContextClassLoader(@Nullable ClassLoader loader) {
            super.setContextClassLoader(loader);
            if (Thread.currentThread() == this) {
                look();
            }
        }

        private void look() {
            ContextInternal context = ContextInternal.current();
            DeploymentContext deployment = context == null ? null : context.deployment();
            if (deployment == null) {
                turn(null);
                return;
            }
            if (deployment != lookedUp) {
                lookedUp = deployment;
                found = find(deployment);
            }
            turn(found);
        }

        private void turn(@Nullable Worked next) {
            Worked before = running;
            if (before == next) {
                return;
            }
            long now = clock.nanos();
            if (before != null) {
                before.nanos.add(now - sinceNanos);
            }
            if (next != null) {
                next.runs.increment();
            }
            running = next;
            sinceNanos = now;
        }
    }
}
