package dev.weir.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a node counts on the way of an event. Written by every event loop, read by metrics and the {@code node} source. */
public final class Counters implements Shareable {
    private static final String SHARED_MAP = Addresses.INTERNAL_PREFIX + "counters";

    /** Events accepted from anywhere. */
    public final LongAdder accepted = new LongAdder();

    /** Events written to, or queued for, a session. */
    public final LongAdder delivered = new LongAdder();

    /** From the moment an event came from the bus to an edge until its frames were handed to the sockets; once for each session. */
    public final Latencies delivery = new Latencies();

    /** Bytes of frames written to sessions. */
    public final LongAdder deliveredBytes = new LongAdder();

    /** Requests sent on the bus for clients. */
    public final LongAdder requests = new LongAdder();

    /** HTTP requests whose head came, WebSocket handshakes included. */
    public final LongAdder httpRequests = new LongAdder();

    /** HTTP connections open now; one that became a WebSocket is a session instead. */
    public final LongAdder httpConnections = new LongAdder();

    /** Events of plain addresses that went nowhere because nobody listened; no cluster call was made for them. */
    public final LongAdder unheard = new LongAdder();

    /** Sessions opened since start. */
    public final LongAdder sessionsOpened = new LongAdder();

    /** Sessions closed since start. */
    public final LongAdder sessionsClosed = new LongAdder();

    /** Sessions closed because they read too slowly. */
    public final LongAdder slowDisconnects = new LongAdder();

    /** Events dropped for a slow session by its policy's {@code drop-oldest}. */
    public final LongAdder slowDrops = new LongAdder();

    /** Events replaced by a newer one of the same key for a slow session by {@code conflate}. */
    public final LongAdder slowConflations = new LongAdder();

    /** Memory that the queues of slow sessions hold now, in bytes: what several wait for counts once. */
    public final LongAdder heldBytes = new LongAdder();

    /** Bytes that wait for slow sessions now: what several wait for counts for each. */
    public final LongAdder queuedBytes = new LongAdder();

    /** Requests that the {@code access} source left out because they ended faster than it can publish. */
    public final LongAdder accessDropped = new LongAdder();

    /** Records and responses that inputs could not read and left out. */
    public final LongAdder unreadable = new LongAdder();

    /** Events dropped by streams of emitters for a slow reader. */
    public final LongAdder streamDrops = new LongAdder();

    /** Stretches of logs that came before what precedes them. */
    public final LongAdder feedHeld = new LongAdder();

    /** Reads of the journal for what was lost on the bus. */
    public final LongAdder feedReads = new LongAdder();

    /** Sessions that catch up on a journaled address now. */
    public final LongAdder replays = new LongAdder();

    /** Events that sessions got while they caught up. */
    public final LongAdder replayed = new LongAdder();

    /** Reads of the journal for sessions that catch up. */
    public final LongAdder replayReads = new LongAdder();

    /** Events encoded for sessions that catch up, each once for all of an event loop that want it in the same wire format. */
    public final LongAdder replayEncoded = new LongAdder();

    /** What travels on each address. */
    public final Traffic traffic = new Traffic();

    private final Map<FailureCode, LongAdder> refused = new EnumMap<>(FailureCode.class);

    /** All zero. */
    public Counters() {
        for (FailureCode code : FailureCode.values()) {
            refused.put(code, new LongAdder());
        }
    }

    /** The counters of the node that runs in this Vert.x instance; of an instance without one, others that nobody reads. */
    public static Counters of(Vertx vertx) {
        Counters shared =
                vertx.sharedData().<String, Counters>getLocalMap(SHARED_MAP).get("node");
        return shared == null ? new Counters() : shared;
    }

    /** Leaves these where {@link #of} finds them. */
    public Counters share(Vertx vertx) {
        vertx.sharedData().<String, Counters>getLocalMap(SHARED_MAP).put("node", this);
        return this;
    }

    /** Sessions open now. */
    public long sessions() {
        return sessionsOpened.sum() - sessionsClosed.sum();
    }

    /** Refusals with any code. */
    public long refusals() {
        long sum = 0;
        for (LongAdder each : refused.values()) {
            sum += each.sum();
        }
        return sum;
    }

    /** Refusals with one code. */
    public LongAdder refused(FailureCode code) {
        LongAdder adder = refused.get(code);
        if (adder == null) {
            throw new IllegalStateException("every code has a counter");
        }
        return adder;
    }
}
