package dev.weir.edge.bridge;

import io.vertx.core.json.JsonArray;
import java.io.IOException;

/** The transports of SockJS that are plain HTTP, as their clients see them. */
enum SockJsTransport {
    XHR("POST", "/xhr", "application/javascript; charset=UTF-8", 0, "", "\n"),
    JSONP("GET", "/jsonp?c=%63allback", "application/javascript; charset=UTF-8", 0, "/**/callback(\"", "\");\r\n"),
    XHR_STREAMING("POST", "/xhr_streaming", "application/javascript; charset=UTF-8", 2049, "", "\n"),
    EVENTSOURCE("GET", "/eventsource", "text/event-stream", 2, "data: ", "\r\n\r\n"),
    HTMLFILE(
            "GET", "/htmlfile?c=%63allback", "text/html; charset=UTF-8", 1024, "<script>\np(\"", "\");\n</script>\r\n");

    final String method;
    final String path;
    final String type;
    final String after;
    private final int prelude;
    private final String before;

    SockJsTransport(String method, String path, String type, int prelude, String before, String after) {
        this.method = method;
        this.path = path;
        this.type = type;
        this.prelude = prelude;
        this.before = before;
        this.after = after;
    }

    boolean isStreaming() {
        return prelude > 0;
    }

    private boolean isScript() {
        return this == JSONP || this == HTMLFILE;
    }

    /** A poll or a stream of a session. */
    RawHttp open(int port, String session) throws IOException {
        return RawHttp.send(port, method, session + path, "", "");
    }

    /** Reads what a stream sends before its first frame. */
    RawHttp begun(RawHttp answer) throws IOException {
        int read = 0;
        while (read < prelude) {
            String line = answer.upTo("\n");
            if (line.isEmpty()) {
                throw new IOException("the stream ended before it began, status " + answer.status());
            }
            read += line.length();
        }
        return answer;
    }

    /** A frame as this transport sends it. */
    String wrap(String frame) {
        String text = isScript() ? frame.replace("\\", "\\\\").replace("\"", "\\\"") : frame;
        return before + text + after;
    }

    /** The frame in what this transport sent. */
    String unwrap(String text) {
        if (!text.startsWith(before) || !text.endsWith(after)) {
            throw new IllegalStateException(this + " does not send: " + text);
        }
        String frame = text.substring(before.length(), text.length() - after.length());
        // JavaScript's strings are JSON's, but for this escape.
        return isScript() ? new JsonArray("[\"" + frame.replace("\\'", "'") + "\"]").getString(0) : frame;
    }
}
