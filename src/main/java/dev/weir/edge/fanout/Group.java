package dev.weir.edge.fanout;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Feed;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.config.AddressConfig.Slow;
import dev.weir.event.EventHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions of one event loop on one address: one bus consumer for all of them. Owned by that event loop.
 */
final class Group implements Feed.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);
    private static final int FLUSH_EARLY_BYTES = 64 * 1024;

    private final Fanout fanout;
    private final String address;
    private Policy policy;
    private final byte[] prefix;
    private final Lane streams = new Lane(WireFormat.SSE);
    private final List<Lane> bridges = new ArrayList<>(1);
    private final @Nullable MessageConsumer<Object> consumer;
    private final @Nullable Feed feed;
    private final Future<Void> listening;
    private final @Nullable Replays replays;
    private final Set<Outlet> joining = new HashSet<>(0);
    private final Sampled sampled;
    private boolean inUse;
    private boolean keyed;
    private int size;
    private int turn;
    private boolean dirty;
    private boolean moved;
    private long quietSeconds;

    /**
     * @param address what sessions call it: an address or a pattern
     * @param busAddress where its events travel
     */
    Group(Fanout fanout, String address, String busAddress, Policy policy) {
        this.fanout = fanout;
        this.address = address;
        this.policy = policy;
        this.prefix = Encoder.prefix(address);
        this.keyed = policy.slow() == Slow.CONFLATE;
        this.sampled = new Sampled(fanout.spans(), address);
        Keep keep = policy.keep();
        Journal journal = fanout.journal();
        if (keep != null && journal != null && address.equals(busAddress)) {
            consumer = null;
            Feed own = new Feed(fanout.bus(), journal, fanout.timers(), fanout.counters(), address, keep, this);
            feed = own;
            replays = new Replays(this, fanout, journal);
            listening = own.start();
        } else {
            feed = null;
            replays = null;
            MessageConsumer<Object> own = fanout.bus().consumer(busAddress, this::receive);
            consumer = own;
            listening = own.completion();
        }
    }

    String address() {
        return address;
    }

    Policy policy() {
        return policy;
    }

    /** The policy changed by a reload; what is encoded but not written yet goes out under the old one. */
    void adopt(Policy now) {
        flush(fanout.allocator(), null);
        policy = now;
        keyed = now.slow() == Slow.CONFLATE;
    }

    int size() {
        return replays == null ? size : size + replays.size();
    }

    /** Whether its address counts as in use. */
    boolean isInUse() {
        return inUse;
    }

    Group use(boolean now) {
        inUse = now;
        return this;
    }

    /** Whether no session is here nor on its way in. */
    boolean isEmpty() {
        return size() == 0 && joining.isEmpty();
    }

    /** A session will be added, unless it leaves before. */
    void expect(Outlet outlet) {
        joining.add(outlet);
    }

    /** Whether a session still wants to be added. */
    boolean expects(Outlet outlet) {
        return joining.contains(outlet) && !outlet.isClosed();
    }

    /** A session is not on its way in any more. */
    void settle(Outlet outlet) {
        joining.remove(outlet);
    }

    /** Whether its sessions can begin elsewhere than now. */
    boolean isJournaled() {
        return feed != null;
    }

    /** How much is kept. Only on a journaled address. */
    Keep keep() {
        return Objects.requireNonNull(policy.keep(), "journaled");
    }

    /** How many of the sessions are streams of server-sent events. */
    int streams() {
        return streams.size();
    }

    /** Completes when the whole cluster sends events here. */
    Future<Void> ready() {
        return listening;
    }

    Future<Void> leaveBus() {
        if (feed != null) {
            return feed.stop();
        }
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    void add(Outlet outlet) {
        lane(outlet.wireFormat()).add(outlet);
        size++;
    }

    /** The last event that members have. Only once {@link #ready()}, on a journaled address. */
    Position position() {
        return Objects.requireNonNull(feed, "journaled").position();
    }

    /** Adds a member that has everything up to {@link #position()}. */
    void addHere(Outlet outlet) {
        flush(fanout.allocator(), null);
        add(outlet);
    }

    /** To be called every second. */
    void secondPassed() {
        quietSeconds = moved ? 0 : quietSeconds + 1;
        moved = false;
    }

    /** Whether the session has all there is, and nothing came for a while. */
    boolean isQuietFor(Outlet outlet) {
        return isJournaled()
                && quietSeconds >= Fanout.QUIET.toSeconds()
                && lane(outlet.wireFormat()).has(outlet);
    }

    /** Brings a session to {@link #position()} and then adds it. */
    void catchUp(Outlet outlet, Position from, long values) {
        Objects.requireNonNull(replays, "journaled").begin(new CatchUp(outlet, from, values));
    }

    /** A session cannot get what it missed: it is told to come again, and then hears why. */
    void lost(Outlet outlet, FailureCode why) {
        LOG.debug("a session on {} cannot catch up: {}", address, why);
        stopCatching(outlet);
        if (!outlet.isClosed()) {
            outlet.endForReconnect();
        }
    }

    /** A session on its way in cannot begin here now: it is told to come again. */
    void endIfExpected(Outlet outlet, FailureCode why) {
        if (expects(outlet)) {
            lost(outlet, why);
        }
    }

    private void stopCatching(Outlet outlet) {
        if (replays != null) {
            replays.stop(outlet);
        }
    }

    void encode(WireFormat format, KeptEvent event, ByteBuf frames) {
        if (format == WireFormat.SSE) {
            frames.writeBytes(fanout.encoder().sse(address, event.headers(), event.body()));
        } else {
            Framing.append(format, fanout.encoder().rec(prefix, event), frames);
        }
    }

    @Override
    public void events(Kept stretch) {
        moved = true;
        if (replays != null && replays.size() > 0) {
            replays.heard(stretch.events());
        }
        if (size > 0) {
            for (KeptEvent event : stretch.events()) {
                append(event);
            }
        }
    }

    /** Whether its events come another way now: from the journal, or no longer from there. */
    boolean isOfAnotherKind(Policy now) {
        Keep before = policy.keep();
        Keep after = now.keep();
        return !Addresses.isPattern(address)
                && ((before == null) != (after == null)
                        || (before != null && after != null && before.latest() != after.latest()));
    }

    @Override
    public void broken(FailureCode why) {
        LOG.warn("sessions on {} are told to come again: {}", address, why.meaning());
        comeAgain(why);
    }

    /** The group is not in use any more: another one takes its sessions. */
    void retire() {
        LOG.info("sessions on {} are told to come again: its policy keeps events otherwise", address);
        comeAgain(FailureCode.EPOCH_CHANGED);
    }

    private void comeAgain(FailureCode why) {
        List<Outlet> all = new ArrayList<>();
        if (replays != null) {
            replays.forget();
            all.addAll(replays.sessions());
        }
        streams.members(all);
        bridges.forEach(lane -> lane.members(all));
        // What those on their way in were told of the log, or will be, may be of the other one.
        all.addAll(joining);
        all.forEach(outlet -> lost(outlet, why));
    }

    void remove(Outlet outlet) {
        stopCatching(outlet);
        Lane lane = lane(outlet.wireFormat());
        int before = lane.size();
        lane.remove(outlet);
        size -= before - lane.size();
    }

    private Lane lane(WireFormat format) {
        if (format == WireFormat.SSE) {
            return streams;
        }
        for (Lane lane : bridges) {
            if (lane.format() == format) {
                return lane;
            }
        }
        Lane lane = new Lane(format);
        bridges.add(lane);
        return lane;
    }

    private void receive(Message<Object> message) {
        if (message.isSend()) {
            deliverToOne(message);
        } else if (size > 0) {
            MultiMap headers = message.headers();
            Object body = message.body();
            boolean bridged = size > streams.size();
            append(headers, bridged ? fanout.encoder().rec(prefix, message) : null, body, null);
        }
    }

    private void append(KeptEvent event) {
        boolean bridged = size > streams.size();
        ByteBuf rec = bridged ? fanout.encoder().rec(prefix, event) : null;
        append(event.headers(), rec, streams.size() > 0 ? event.body() : null, event);
    }

    /** @param rec the frame, used at once; null without sessions of the bridge */
    private void append(MultiMap headers, @Nullable ByteBuf rec, @Nullable Object body, @Nullable KeptEvent kept) {
        String key = key(headers);
        int pending = 0;
        long bytes = 0;
        if (rec != null) {
            bytes = (long) (size - streams.size()) * rec.readableBytes();
            pending = toBridges(rec, key);
        }
        if (streams.size() > 0) {
            ByteBuf payload = fanout.encoder().sse(address, headers, body);
            bytes += (long) streams.size() * payload.readableBytes();
            pending = Math.max(pending, streams.append(payload, key));
        }
        sampled.encoded(headers, kept, size, bytes);
        pending(pending);
    }

    private String key(MultiMap headers) {
        String subject = keyed ? headers.get(EventHeaders.SUBJECT) : null;
        return subject == null ? "" : subject;
    }

    private int toBridges(ByteBuf payload, String key) {
        int pending = 0;
        for (Lane lane : bridges) {
            pending = Math.max(pending, lane.append(payload, key));
        }
        return pending;
    }

    private void pending(int pending) {
        if (pending > FLUSH_EARLY_BYTES) {
            flush(fanout.allocator(), null);
        } else if (!dirty) {
            dirty = true;
            fanout.schedule(this);
        }
    }

    /** Writes everything encoded in this tick. */
    void flush(ByteBufAllocator allocator, @Nullable List<Outlet> touched) {
        dirty = false;
        for (Lane lane : bridges) {
            flush(lane, allocator, touched);
        }
        flush(streams, allocator, touched);
        sampled.written();
    }

    private void flush(Lane lane, ByteBufAllocator allocator, @Nullable List<Outlet> touched) {
        if (lane.pendingFrames() > 0) {
            fanout.delivered(
                    address, (long) lane.pendingFrames() * lane.size(), (long) lane.pendingBytes() * lane.size());
            lane.flush(address, policy.slow(), allocator, fanout.counters(), touched);
        }
    }

    private void deliverToOne(Message<Object> message) {
        Outlet chosen = nextMember();
        if (chosen == null) {
            fanout.passOn(message);
            return;
        }
        flush(fanout.allocator(), null);
        if (chosen instanceof Responder responder && message.replyAddress() != null) {
            responder.awaitsReply(message);
        }
        ByteBuf payload = fanout.encoder().rec(prefix, message);
        ByteBuf frame = Unpooled.buffer(payload.readableBytes() + 64);
        Framing.append(chosen.wireFormat(), payload, frame);
        fanout.delivered(address, 1, frame.readableBytes());
        sampled.encoded(message.headers(), null, 1, frame.readableBytes());
        chosen.offer(frame);
        sampled.written();
    }

    /** Sessions of the bridge in turn; streams cannot answer, so a message for one listener is not for them. */
    private @Nullable Outlet nextMember() {
        for (int i = 0; i < bridges.size(); i++) {
            Lane lane = bridges.get(turn++ % bridges.size());
            if (lane.size() > 0) {
                return lane.next();
            }
        }
        return null;
    }
}
