package dev.weir.edge;

import dev.weir.bus.PresenceNews;
import dev.weir.bus.Roster;
import dev.weir.edge.fanout.Framing;
import dev.weir.edge.fanout.Outlet;
import dev.weir.edge.fanout.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which sessions of one event loop watch who is where. What the roster tells is encoded once per wire format for all of them.
 * Owned by that event loop.
 */
public final class PresenceDesk implements Roster.Watcher {
    /** The name of a server-sent event that tells of presence. */
    static final String EVENT = "weir-presence";

    private static final class Seat {
        private final Outlet outlet;
        private boolean begun;

        private Seat(Outlet outlet) {
            this.outlet = outlet;
        }
    }

    private final Roster roster;
    private final Context loop;
    private final Map<String, Map<String, Seat>> watching = new HashMap<>();

    /** @param loop the event loop's own context */
    PresenceDesk(Roster roster, Context loop) {
        this.roster = roster;
        this.loop = loop;
    }

    Roster roster() {
        return roster;
    }

    void watch(String address, String session, Outlet outlet) {
        watching.computeIfAbsent(address, key -> new HashMap<>()).put(session, new Seat(outlet));
        roster.watch(address, session, this);
    }

    void unwatch(String address, String session) {
        Map<String, Seat> seats = watching.getOrDefault(address, Map.of());
        if (seats.remove(session) != null) {
            roster.unwatch(address, this);
            if (seats.isEmpty()) {
                watching.remove(address);
            }
        }
    }

    @Override
    public void begins(List<String> sessions, PresenceNews list) {
        loop.runOnContext(here -> {
            Map<String, Seat> seats = watching.getOrDefault(list.address(), Map.of());
            List<Seat> begun = sessions.stream()
                    .map(seats::get)
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .toList();
            begun.forEach(seat -> seat.begun = true);
            tell(begun, list);
        });
    }

    @Override
    public void told(PresenceNews news) {
        loop.runOnContext(here -> tell(
                watching.getOrDefault(news.address(), Map.of()).values().stream()
                        .filter(seat -> seat.begun)
                        .toList(),
                news));
    }

    private static void tell(List<Seat> seats, PresenceNews news) {
        Map<WireFormat, ByteBuf> encoded = new EnumMap<>(WireFormat.class);
        for (Seat seat : seats) {
            ByteBuf frame = encoded.computeIfAbsent(seat.outlet.wireFormat(), format -> encode(format, news.frame()));
            seat.outlet.offer(frame.retainedDuplicate());
        }
        encoded.values().forEach(ByteBuf::release);
    }

    /** A frame in the bytes of a wire format. */
    static ByteBuf encode(WireFormat format, String frame) {
        return format == WireFormat.SSE
                ? Unpooled.wrappedBuffer(
                        ("event: " + EVENT + "\ndata: " + frame + "\n\n").getBytes(StandardCharsets.UTF_8))
                : Framing.frame(format, frame);
    }
}
