package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The WebSockets of one script by number. A message for many is encoded once, written to each without a look at the network,
 * and leaves at the end of this turn of the event loop. Owned by the script's loop.
 */
final class WsSockets {
    private final ScriptHost host;
    private final List<@Nullable WsSocket> all = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<WsSocket> dirty = new ArrayList<>();
    private boolean due;

    WsSockets(ScriptHost host) {
        this.host = host;
        host.onClose(this::close);
    }

    WsSocket accepted(WebSocket socket, long maxPayload) {
        int number = number();
        WsSocket made = WsSocket.accepted(host, this, socket, number, maxPayload);
        all.set(number, made);
        return made;
    }

    WsSocket connecting(ClientWebSocket socket, long maxPayload) {
        int number = number();
        WsSocket made = WsSocket.connecting(host, this, socket, number, maxPayload);
        all.set(number, made);
        return made;
    }

    private int number() {
        Integer freed = free.poll();
        if (freed != null) {
            return freed;
        }
        all.add(null);
        return all.size() - 1;
    }

    void remove(WsSocket socket) {
        if (all.get(socket.number()) == socket) {
            all.set(socket.number(), null);
            free.add(socket.number());
        }
    }

    /** Sends the message to one, if it is still there. */
    void send(byte[] payload, boolean binary, int number) {
        WsSocket socket = all.get(number);
        if (socket == null) {
            return;
        }
        ByteBuf frame = WsFrames.of(allocator(), binary ? WsFrames.BINARY : WsFrames.TEXT, payload);
        if (socket.share(frame)) {
            dirty.add(socket);
        }
        frame.release();
        flushSoon();
    }

    /** Sends the message to those of the numbers that are still there. */
    void send(byte[] payload, boolean binary, byte[] numbers, int count) {
        ByteBuf frame = WsFrames.of(allocator(), binary ? WsFrames.BINARY : WsFrames.TEXT, payload);
        try {
            for (int i = 0; i < count; i++) {
                WsSocket socket = all.get(number(numbers, i));
                if (socket != null && socket.share(frame)) {
                    dirty.add(socket);
                }
            }
        } finally {
            frame.release();
        }
        flushSoon();
    }

    private void flushSoon() {
        if (!due && !dirty.isEmpty()) {
            due = true;
            ((ContextInternal) host.context()).nettyEventLoop().execute(this::flush);
        }
    }

    private static ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    /** Of an Int32Array, which is in the order of the machine's bytes: little ones first wherever the JVM runs today. */
    private static int number(byte[] numbers, int index) {
        int at = index * 4;
        return (numbers[at] & 0xFF)
                | (numbers[at + 1] & 0xFF) << 8
                | (numbers[at + 2] & 0xFF) << 16
                | (numbers[at + 3] & 0xFF) << 24;
    }

    private void flush() {
        due = false;
        for (WsSocket socket : dirty) {
            socket.flush();
        }
        dirty.clear();
    }

    private void close() {
        for (WsSocket socket : all) {
            if (socket != null) {
                socket.goAway();
            }
        }
    }
}
