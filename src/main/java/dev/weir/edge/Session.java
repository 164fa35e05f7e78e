package dev.weir.edge;

import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import java.util.Map;

/** One client connection of the bridge or SSE, as its event loop knows it. Only that loop may call it. */
public interface Session {
    /** What never changes. */
    SessionInfo info();

    /** Who the client is now. */
    Principal who();

    /** The addresses it listens to. */
    Map<String, Policy> registrations();

    /** Where it is present, or watches who is. */
    Attendance attendance();

    /** Bytes that wait because it reads slowly. */
    long waitingBytes();

    /** When it last sent anything, on the monotonic clock. */
    long lastHeardNanos();

    /** It must no longer hear an address. */
    void revoke(String address, Refusal why);

    /** Ends it. */
    void close(CloseCode why);
}
