package dev.weir;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client of the bridge that shares no code with the server: the JDK's WebSocket and frames as text. */
public final class BridgeClient implements AutoCloseable, WebSocket.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One for all: each has a thread of its own. */
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingDeque<String> received = new LinkedBlockingDeque<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final AtomicBoolean stalled = new AtomicBoolean();
    private final StringBuilder partial = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final WebSocket socket;

    private BridgeClient(String url, String... headers) {
        var builder = HTTP.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        this.socket = builder.buildAsync(URI.create(url), this).join();
    }

    /** Connects to the raw WebSocket. */
    public static BridgeClient connect(int port) {
        return new BridgeClient("ws://127.0.0.1:" + port + "/eventbus/websocket");
    }

    /** Connects to any path with request headers, given as name, value, name, value. */
    public static BridgeClient connect(int port, String path, String... headers) {
        return new BridgeClient("ws://127.0.0.1:" + port + path, headers);
    }

    /** Reads no more after the next message, so that the server cannot write either once the buffers between are full. */
    public void stall() {
        stalled.set(true);
    }

    /** Reads again. */
    public void resume() {
        stalled.set(false);
        socket.request(1);
    }

    /** Sends text as it is. */
    public BridgeClient sendText(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    /** Sends a frame. */
    public BridgeClient send(JsonObject frame) {
        return sendText(frame.encode());
    }

    /** Registers and waits until nothing published from now on is missed. */
    public BridgeClient register(String address) {
        send(frame("register", address).put("headers", new JsonObject().put("weir-rewind", "0")));
        List<String> before = new ArrayList<>();
        String answer = nextText();
        // Events may come as soon as this node knows of the listener; the answer says that all nodes do.
        while (new JsonObject(answer).getString("type").equals("rec")) {
            before.add(answer);
            answer = nextText();
        }
        if (!"registered".equals(new JsonObject(answer).getString("type"))) {
            throw new IllegalStateException("not registered: " + answer);
        }
        Collections.reverse(before);
        before.forEach(received::addFirst);
        return this;
    }

    /** A frame of a type for an address. */
    public static JsonObject frame(String type, String address) {
        return new JsonObject().put("type", type).put("address", address);
    }

    /** The next text the server sends. */
    public String nextText() {
        try {
            String text = received.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (text == null) {
                throw new IllegalStateException("the server sent nothing in " + PATIENCE);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The next frame if one comes in time, else null. */
    public JsonObject poll(Duration patience) {
        try {
            String text = received.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return text == null ? null : new JsonObject(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What the server sent and nobody has read yet. */
    public List<String> unread() {
        return List.copyOf(received);
    }

    /** The next frame the server sends. */
    public JsonObject next() {
        return new JsonObject(nextText());
    }

    /** Whether nothing more came up to an answer to a frame sent now: frames of a session are processed in order. */
    public boolean isQuiet() {
        sendText("{\"type\":\"no such type\",\"address\":\"x\"}");
        return new JsonObject(nextText()).getString("body", "").equals("invalid_type");
    }

    /** Whether the connection has ended. */
    public boolean isClosed() {
        return closed.isDone();
    }

    /** The close code, once the server closed. */
    public int closeCode() {
        return closeCodeWithin(PATIENCE);
    }

    /** The close code, once the server closed; 1006 when the connection ended without one. */
    public int closeCodeWithin(Duration patience) {
        return closed.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            received.add(partial.toString());
            partial.setLength(0);
        }
        if (!stalled.get()) {
            from.request(1);
        }
        return null;
    }

    /** The stock bridge sends its JSON as bytes here. */
    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        bytes.writeBytes(remaining(data));
        if (last) {
            received.add(bytes.toString(StandardCharsets.UTF_8));
            bytes.reset();
        }
        from.request(1);
        return null;
    }

    private static byte[] remaining(ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        return copy;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(1006);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
