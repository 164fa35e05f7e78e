package dev.weir.bus;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Where the edges tell how requests ended, and whoever wants to know listens: the {@code access} source, the log. While nobody
 * listens, nothing is recorded. Thread-safe.
 */
public final class AccessLog {
    private final List<Consumer<HttpAccess>> listeners = new CopyOnWriteArrayList<>();

    /** Whether anybody listens. */
    public boolean isOn() {
        return !listeners.isEmpty();
    }

    /** Adds a listener; it is called on the event loop of the edge, from several at once, and must not block. */
    public void add(Consumer<HttpAccess> listener) {
        listeners.add(listener);
    }

    /** Removes a listener; no effect when it is not there. */
    public void remove(Consumer<HttpAccess> listener) {
        listeners.remove(listener);
    }

    /** Tells all listeners. */
    public void tell(HttpAccess access) {
        listeners.forEach(listener -> listener.accept(access));
    }
}
