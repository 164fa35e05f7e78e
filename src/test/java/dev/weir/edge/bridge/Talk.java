package dev.weir.edge.bridge;

import dev.weir.BridgeClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.UUID;

/** A client of the bridge over one transport, to whichever server: the frames of the bridge, unwrapped. */
interface Talk extends AutoCloseable {
    /** Sends one frame, or what should be one. */
    void send(String message) throws IOException;

    /** The next frame; fails when none comes. */
    JsonObject next() throws IOException;

    @Override
    void close() throws IOException;

    /** How a client reaches the bridge. */
    enum Transport {
        RAW_WEBSOCKET(null),
        SOCKJS_WEBSOCKET(null),
        XHR(SockJsTransport.XHR),
        XHR_STREAMING(SockJsTransport.XHR_STREAMING),
        EVENTSOURCE(SockJsTransport.EVENTSOURCE),
        HTMLFILE(SockJsTransport.HTMLFILE),
        JSONP(SockJsTransport.JSONP);

        private final SockJsTransport http;

        Transport(SockJsTransport http) {
            this.http = http;
        }

        /** Opens a session. */
        Talk open(int port) throws IOException {
            return switch (this) {
                case RAW_WEBSOCKET -> new Raw(BridgeClient.connect(port));
                case SOCKJS_WEBSOCKET ->
                    new Framed(BridgeClient.connect(port, "/eventbus/000/" + UUID.randomUUID() + "/websocket"));
                default -> new Http(http, port, "/eventbus/000/" + UUID.randomUUID());
            };
        }
    }

    /** One JSON text per message. */
    record Raw(BridgeClient socket) implements Talk {
        @Override
        public void send(String message) {
            socket.sendText(message);
        }

        @Override
        public JsonObject next() {
            return socket.next();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** What SockJS's frames hold. */
    abstract class Unframing implements Talk {
        private final ArrayDeque<String> received = new ArrayDeque<>();

        /** The next frame of SockJS. */
        abstract String frame() throws IOException;

        @Override
        public JsonObject next() throws IOException {
            while (received.isEmpty()) {
                String frame = frame();
                if (frame.startsWith("a")) {
                    new JsonArray(frame.substring(1)).forEach(message -> received.add((String) message));
                } else if (!frame.equals("o") && !frame.equals("h")) {
                    throw new IOException("instead of a message came " + frame);
                }
            }
            return new JsonObject(received.remove());
        }
    }

    /** SockJS's frames over a WebSocket. */
    final class Framed extends Unframing {
        private final BridgeClient socket;

        Framed(BridgeClient socket) {
            this.socket = socket;
        }

        @Override
        public void send(String message) {
            socket.sendText(SockJsText.messages(message));
        }

        @Override
        String frame() {
            return socket.nextText();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** SockJS's frames over polls or a stream. */
    final class Http extends Unframing {
        private final SockJsTransport transport;
        private final int port;
        private final String session;
        private RawHttp stream;

        Http(SockJsTransport transport, int port, String session) throws IOException {
            this.transport = transport;
            this.port = port;
            this.session = session;
            String opened = frame();
            if (!opened.equals("o")) {
                throw new IOException("not opened: " + opened);
            }
        }

        @Override
        public void send(String message) throws IOException {
            boolean script = transport == SockJsTransport.JSONP;
            String path = session + (script ? "/jsonp_send" : "/xhr_send");
            try (RawHttp sent = RawHttp.post(port, path, SockJsText.messages(message), "content-type: text/plain")) {
                if (sent.status() != (script ? 200 : 204)) {
                    throw new IOException(sent.status() + " " + sent.body());
                }
            }
        }

        @Override
        String frame() throws IOException {
            while (true) {
                if (stream == null) {
                    stream = transport.begun(transport.open(port, session));
                }
                String text = stream.upTo(transport.after);
                if (!text.isEmpty()) {
                    return transport.unwrap(text);
                }
                close();
            }
        }

        @Override
        public void close() throws IOException {
            if (stream != null) {
                stream.close();
                stream = null;
            }
        }
    }
}
