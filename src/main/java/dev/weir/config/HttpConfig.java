package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The HTTP and WebSocket side of a node. */
@Doc("Where clients connect.")
public record HttpConfig(
        @Doc("Address to listen on. Anything but loopback with anonymous publishing warns at start.")
        @Default("127.0.0.1")
        String host,

        @Doc("TCP port; 0 takes a free one.") @Default("8080") @Range(max = 65535)
        int port,

        @Doc("Network transport: auto takes epoll where it is available, else nio; io_uring is opt-in.")
        @Default("auto")
        Transport transport,

        @Doc("Event loops that serve clients; 0 takes one per core.") @Default("0") @Range(max = 256)
        int loops,

        @Doc("Folder of static files, below WEIR_HOME.") @Default("webroot")
        String webroot,

        @Doc("Bytes that may wait for one session before its slow rule applies.")
        @Default("1MiB")
        @Range(min = 16 * 1024, max = 1L << 30)
        ByteSize sessionQueue,

        @Doc("Sessions one client's network address may hold open on this node, of all transports; 0 is unbounded.")
        @Default("0")
        @Range(max = 10_000_000)
        int sessionsPerClient,

        @Doc("Largest request body, WebSocket frame and message.") @Default("1MiB") @Range(min = 1024, max = 1L << 28)
        ByteSize maxBody,

        @Doc("Largest block of request headers.") @Default("16KiB") @Range(min = 1024, max = 1L << 20)
        ByteSize maxHeaders,

        @Doc("Time a client has to finish its TLS and WebSocket handshake or request headers.")
        @Default("10s")
        @Range(min = 100)
        Duration handshakeTimeout,

        @Doc("Time a client has to send the body of a request.") @Default("30s") @Range(min = 1000)
        Duration bodyTimeout,

        @Doc(
                "Time a connection may stay without a request after an answer; the headers of the next one end it. Proxies in front"
                        + " should let go sooner. Streams and WebSockets are not idle.")
        @Default("75s")
        @Range(min = 1000)
        Duration idleTimeout,

        @Doc("How late an event loop may be three times in a row before clients are answered busy.")
        @Default("250ms")
        @Range(min = 10)
        Duration maxLag,

        @Doc("A session that sent no ping for so long is closed.") @Default("10s") @Range(min = 1000)
        Duration pingTimeout,

        @Doc("How long a request waits for its reply.") @Default("30s") @Range(min = 100)
        Duration replyTimeout,

        @Doc("Addresses one session may register.") @Default("1000") @Range(min = 1, max = 1_000_000)
        int registrationsPerSession,

        @Doc("Time between heartbeats of SSE streams and SockJS sessions.") @Default("15s") @Range(min = 1000)
        Duration heartbeat,

        @Doc(
                value = "Origins that browsers may connect from besides the server's own; '*' allows every origin.",
                example = "[https://shop.example]")
        @Default("[]")
        List<String> origins,

        @Doc(
                value = "Addresses and networks of the proxies in front, whose X-Forwarded-For says who the client is; "
                        + "rates, limits, sessions and the access log go by it. Nobody else's is looked at.",
                example = "[10.1.2.3, 10.2.0.0/16]")
        @Default("[]")
        List<String> trustedProxies,

        @Doc("Certificate and key; absent serves plain HTTP.") @Nullable
        TlsConfig tls) {
    /** Which network transport carries the sockets. */
    public enum Transport {
        AUTO,
        NIO,
        EPOLL,
        IO_URING
    }
}
