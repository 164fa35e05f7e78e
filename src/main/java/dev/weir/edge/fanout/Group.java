package dev.weir.edge.fanout;

import dev.weir.bus.Policy;
import dev.weir.config.AddressConfig.Slow;
import dev.weir.event.EventHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of one event loop on one address: one bus consumer for all of them. Owned by that event loop.
 */
final class Group {
    private static final int FLUSH_EARLY_BYTES = 64 * 1024;

    private final Fanout fanout;
    private final String address;
    private Policy policy;
    private final byte[] prefix;
    private final Lane streams = new Lane(WireFormat.SSE);
    private final List<Lane> bridges = new ArrayList<>(1);
    private final MessageConsumer<Object> consumer;
    private boolean keyed;
    private int size;
    private int turn;
    private boolean dirty;

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
        this.consumer = fanout.bus().consumer(busAddress, this::receive);
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
        return size;
    }

    /** How many of the sessions are streams of server-sent events. */
    int streams() {
        return streams.size();
    }

    /** Completes when the whole cluster sends events here. */
    Future<Void> ready() {
        return consumer.completion();
    }

    Future<Void> leaveBus() {
        return consumer.unregister();
    }

    void add(Outlet outlet) {
        lane(outlet.wireFormat()).add(outlet);
        size++;
    }

    void remove(Outlet outlet) {
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
            append(message);
        }
    }

    private void append(Message<Object> message) {
        String subject = keyed ? message.headers().get(EventHeaders.SUBJECT) : null;
        String key = subject == null ? "" : subject;
        int pending = 0;
        if (size > streams.size()) {
            ByteBuf payload = fanout.encoder().rec(prefix, message);
            for (Lane lane : bridges) {
                pending = Math.max(pending, lane.append(payload, key));
            }
        }
        if (streams.size() > 0) {
            pending = Math.max(pending, streams.append(fanout.encoder().sse(address, message), key));
        }
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
    }

    private void flush(Lane lane, ByteBufAllocator allocator, @Nullable List<Outlet> touched) {
        if (lane.pendingFrames() > 0) {
            fanout.delivered((long) lane.pendingFrames() * lane.size(), (long) lane.pendingBytes() * lane.size());
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
        fanout.delivered(1, frame.readableBytes());
        chosen.offer(frame);
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
