package dev.weir.node;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals of the operating system. By reflection: the JDK has the class everywhere, but compilers warn of it. Thread-safe. */
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
        take(name, deed::signalled);
        return deed;
    }

    /**
     * Runs something, on a thread of the JVM, whenever the process gets a signal, until that is given back to whom it was before.
     *
     * @return gives it back; null when this JVM does not give the signal away
     */
    static @Nullable Runnable take(String name, Runnable action) {
        try {
            Class<?> handler = Class.forName(HANDLER);
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return method.getReturnType() == int.class ? System.identityHashCode(self) : null;
                    });
            Object before = handle(name, proxy);
            return () -> giveBack(name, before);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            said(name, unavailable);
            return null;
        }
    }

    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName(SIGNAL);
        return signal.getMethod("handle", signal, Class.forName(HANDLER)).invoke(null, named(name), handler);
    }

    private static Object named(String name) throws ReflectiveOperationException {
        return Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
    }

    private static void giveBack(String name, Object before) {
        try {
            handle(name, before);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            said(name, unavailable);
        }
    }

    /** Sends a signal to this process. */
    static void raise(String name) {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            signal.getMethod("raise", signal).invoke(null, named(name));
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            said(name, unavailable);
        }
    }

    private static void said(String name, Exception unavailable) {
        Throwable cause = unavailable instanceof InvocationTargetException call ? call.getCause() : unavailable;
        LOG.debug("no {} signal here: {}", name, String.valueOf(cause));
    }
}
