package dev.weir.edge.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens on the transports of SockJS that are plain HTTP: that of the first request counts, until a frame brings another one. */
class SockJsSignInTest {
    private static final String PUBLISH = new JsonObject()
            .put("type", "publish")
            .put("address", "news")
            .put("body", 1)
            .encode();

    @TempDir
    static Path home;

    private static TestNode node;

    private final String session = "/eventbus/000/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        node = TestNode.start(home, """
                auth: {jwt: {secret: '%s', leeway: 0s}}
                addresses:
                  - {match: news, publish: 'role:editor', subscribe: signed-in}
                """.formatted(Tokens.SECRET));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String token(String role) {
        return Tokens.hs256(Tokens.claims("ann", 60).put("roles", role));
    }

    private RawHttp open(SockJsTransport transport, String token, String header) throws IOException {
        String query = token.isEmpty() ? "" : (transport.path.contains("?") ? "&" : "?") + "access_token=" + token;
        RawHttp answer = RawHttp.send(node.port(), transport.method, session + transport.path + query, header, "");
        assertThat(transport.begun(answer).upTo(transport.after)).isEqualTo(transport.wrap("o"));
        return answer;
    }

    private String answerTo(SockJsTransport transport, RawHttp stream, String frame) throws IOException {
        try (RawHttp sent = RawHttp.post(node.port(), session + "/xhr_send", SockJsText.messages(frame))) {
            assertThat(sent.status()).isEqualTo(204);
        }
        if (transport.isStreaming()) {
            return transport.unwrap(stream.upTo(transport.after));
        }
        try (RawHttp poll = transport.open(node.port(), session)) {
            return transport.unwrap(poll.body());
        }
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void aTokenInTheQuerySignsTheSessionIn(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport, token("editor"), "")) {
            assertThat(answerTo(transport, stream, SockJsText.register("news"))).contains("registered");
            assertThat(answerTo(transport, stream, PUBLISH)).contains("\\\"type\\\":\\\"rec\\\"");
        }
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void aTokenInTheHeaderSignsTheSessionInAndRightsAreThoseOfItsRoles(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport, "", "authorization: Bearer " + token("reader"))) {
            assertThat(answerTo(transport, stream, PUBLISH)).contains("access_denied");
            JsonObject better = new JsonObject(PUBLISH)
                    .put("replyAddress", "r")
                    .put("headers", new JsonObject().put("authorization", "Bearer " + token("editor")));
            assertThat(answerTo(transport, stream, better.encode())).contains("\\\"id\\\"");
        }
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void withoutATokenNothingIsAllowed(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport, "", "")) {
            assertThat(answerTo(transport, stream, PUBLISH)).contains("not_logged_in");
        }
    }

    @ParameterizedTest
    @EnumSource(SockJsTransport.class)
    void aBadTokenClosesTheSession(SockJsTransport transport) throws IOException {
        try (RawHttp stream = open(transport, "a.b.c", "")) {
            String closed = "c[3000,\"Go away!\"]";
            if (transport.isStreaming()) {
                assertThat(transport.unwrap(stream.upTo(transport.after))).isEqualTo(closed);
            } else {
                try (RawHttp poll = transport.open(node.port(), session)) {
                    assertThat(transport.unwrap(poll.body())).isEqualTo(closed);
                }
            }
        }
    }
}
