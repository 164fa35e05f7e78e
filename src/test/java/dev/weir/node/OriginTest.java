package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.RawConnection;
import dev.weir.TestNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which web pages may use a node: the same answer from every transport, and an answer only they can read. */
class OriginTest {
    private static final String ADDRESSES = """
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: pricing, request: anyone, respond: anyone}
            """;
    private static final String SHOP = "https://shop.example";

    @TempDir
    static Path home;

    private static final AtomicInteger SESSION = new AtomicInteger();
    private static TestNode own;
    private static TestNode shop;
    private static TestNode any;

    @BeforeAll
    static void start() {
        own = TestNode.start(home.resolve("own"), ADDRESSES);
        shop = TestNode.start(home.resolve("shop"), "http: {origins: [" + SHOP + "]}\n" + ADDRESSES);
        any = TestNode.start(home.resolve("any"), "http: {origins: ['*']}\n" + ADDRESSES);
    }

    @AfterAll
    static void stop() {
        own.close();
        shop.close();
        any.close();
    }

    /** Method and path; WS is a GET that asks for a WebSocket. */
    private static final List<String> TRANSPORTS = List.of(
            "WS /eventbus/websocket",
            "WS /eventbus/1/ws/websocket",
            "GET /eventbus/info",
            "GET /eventbus/iframe.html",
            "POST /eventbus/1/a/xhr",
            "POST /eventbus/1/b/xhr_streaming",
            "POST /eventbus/1/c/xhr_send",
            "GET /eventbus/1/d/eventsource",
            "GET /eventbus/1/e/htmlfile?c=callback",
            "GET /eventbus/1/f/jsonp?c=callback",
            "POST /eventbus/1/g/jsonp_send",
            "OPTIONS /eventbus/1/h/xhr",
            "GET /v1/stream?address=news",
            "OPTIONS /v1/stream?address=news",
            "GET /v1/addresses",
            "GET /v1/addresses/news",
            "GET /v1/openapi.yaml",
            "POST /v1/addresses/news/events",
            "OPTIONS /v1/addresses/news/events",
            "POST /v1/addresses/pricing/requests?timeout=1",
            "GET /v1/sessions",
            "OPTIONS /v1/config/reload");

    private static final List<String> FOREIGN = List.of(
            "https://evil.example",
            "http://shop.example",
            "https://shop.example:444",
            "https://shop.example.evil.example",
            "https://evil.example/https://shop.example",
            "https://shop.example, https://evil.example",
            "https://shop.example@evil.example",
            "http://127.0.0.1:1",
            "null",
            "*",
            "",
            "not an origin");

    private static String answer(TestNode node, String transport, String origin) {
        String method = transport.substring(0, transport.indexOf(' '));
        // A session of SockJS belongs to one connection after the other.
        String path =
                transport.substring(transport.indexOf(' ') + 1).replace("/1/", "/1/s" + SESSION.incrementAndGet());
        String[] headers = origin == null
                ? new String[] {"Content-Length", "0"}
                : new String[] {
                    "Content-Length", "0", "Origin", origin, "Access-Control-Request-Method", "POST",
                };
        if (method.equals("WS")) {
            try (RawConnection socket = RawConnection.webSocket(node.port(), path, headers)) {
                return socket.answerHead();
            }
        }
        try (RawConnection request =
                RawConnection.open(node.port()).head(method, path, headers).send("\r\n")) {
            return request.answerHead();
        }
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElse("");
    }

    static Stream<String> transports() {
        return TRANSPORTS.stream();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void programsWithoutAnOriginAreNoPages(String transport) {
        for (TestNode node : List.of(own, shop, any)) {
            assertThat(answer(node, transport, null)).doesNotContain(" 403 ");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void thePagesOfTheNodeItselfAndThoseOfTheListAreLetIn(String transport) {
        for (TestNode node : List.of(own, shop, any)) {
            letIn(answer(node, transport, "http://127.0.0.1:" + node.port()), transport, "http://127.0.0.1:");
        }
        letIn(answer(shop, transport, SHOP), transport, SHOP);
        letIn(answer(any, transport, "https://evil.example"), transport, "https://evil.example");
    }

    private static void letIn(String head, String transport, String origin) {
        assertThat(head).doesNotContain(" 403 ");
        if (!transport.startsWith("WS") && !transport.contains("iframe") && !transport.contains("jsonp?")) {
            assertThat(header(head, "access-control-allow-origin"))
                    .as(head)
                    .satisfiesAnyOf(allowed -> assertThat(allowed).isEqualTo("*"), allowed -> assertThat(allowed)
                            .startsWith(origin));
        }
    }

    static Stream<Arguments> foreign() {
        return TRANSPORTS.stream().flatMap(t -> FOREIGN.stream().map(o -> Arguments.of(t, o)));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void everyOtherPageIsRefusedAndMayNotReadWhy(String transport, String origin) {
        for (TestNode node : List.of(own, shop)) {
            String head = answer(node, transport, origin);
            assertThat(head).startsWith("HTTP/1.1 403 ").contains("application/problem+json");
            assertThat(header(head, "access-control-allow-origin")).isEmpty();
        }
        assertThat(answer(own, transport, SHOP)).startsWith("HTTP/1.1 403 ");
    }
}
