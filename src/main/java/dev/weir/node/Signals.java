package dev.weir.node;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals of the operating system. By reflection: the JDK has the class everywhere, but compilers warn of it. Stateless. */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";
    private static final Map<String, Deed> DEEDS = new ConcurrentHashMap<>();

    private Signals() {}

    /**
     * What is done at one signal. One that comes before that is said is kept: the process would end by it.
     */
    private static final class Deed {
        private @Nullable Runnable action;
        private boolean came;

        synchronized void signalled() {
            if (action == null) {
                came = true;
            } else {
                action.run();
            }
        }

        synchronized void use(Runnable now) {
            action = now;
            if (came) {
                came = false;
                now.run();
            }
        }
    }

    /** A signal such as {@code HUP} does not end the process from now on, but waits for {@link #on}. */
    static void await(String name) {
        DEEDS.computeIfAbsent(name, Signals::handled);
    }

    /** Runs something whenever the process gets a signal, mostly on a thread of the JVM; now, too, if one waits. */
    static void on(String name, Runnable action) {
        DEEDS.computeIfAbsent(name, Signals::handled).use(action);
    }

    private static Deed handled(String name) {
        Deed deed = new Deed();
        handle(name, deed::signalled);
        return deed;
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            Class<?> handler = Class.forName(HANDLER);
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return method.getReturnType() == int.class ? System.identityHashCode(self) : null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            Throwable cause = unavailable instanceof InvocationTargetException call ? call.getCause() : unavailable;
            LOG.debug("no {} signal here: {}", name, String.valueOf(cause));
        }
    }
}
