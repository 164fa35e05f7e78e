package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.Certificates;
import dev.weir.RawConnection;
import dev.weir.TestNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send too slowly or too much, on everything that takes a body: answered, told why, and let go. */
@Execution(ExecutionMode.CONCURRENT) // They wait for time to pass.
class SlowClientsTest {
    private static final String YAML = """
            http: {body-timeout: 1s, max-body: 4KiB}
            addresses:
              - {match: open, publish: anyone, subscribe: anyone}
              - {match: pricing, request: anyone, respond: anyone}
            """;
    private static final String LARGE = "x".repeat(5_000);

    private static final List<String> ROUTES = List.of(
            "/v1/addresses/open/events",
            "/v1/addresses/pricing/requests",
            "/v1/config/reload",
            "/eventbus/1/session/xhr_send",
            "/eventbus/1/session/jsonp_send",
            "/eventbus/1/session/xhr",
            "/eventbus/1/session/xhr_streaming");

    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path home) {
        node = TestNode.start(home, YAML);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** The head of a request, which leaves with what is sent next. */
    private static RawConnection post(String path) {
        return RawConnection.open(node.port()).head("POST", path, "Content-Type", "application/json");
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedFor() {
        List<RawConnection> slow = new ArrayList<>();
        for (String path : ROUTES) {
            slow.add(post(path).send("Content-Length: 10\r\n\r\n1"));
            slow.add(post(path).send("Transfer-Encoding: chunked\r\n\r\n5\r\n12"));
        }
        for (RawConnection each : slow) {
            assertThat(each.rest())
                    .startsWith("HTTP/1.1 408 ")
                    .containsIgnoringCase("connection: close")
                    .contains("\"code\":\"too_slow\"", "http.body-timeout");
            each.close();
        }
    }

    @Test
    void whoseBodyCameInTimeStaysConnected() {
        try (RawConnection patient = post("/v1/addresses/open/events").send("Content-Length: 1\r\n\r\n1");
                RawConnection slow = post("/v1/addresses/open/events").send("Content-Length: 10\r\n\r\n1")) {
            assertThat(patient.status()).isEqualTo(202);
            assertThat(slow.status()).isEqualTo(408);
            patient.head("POST", "/v1/addresses/open/events", "Content-Type", "application/json", "Content-Length", "1")
                    .send("\r\n2");
            assertThat(patient.readUntil("HTTP/1.1 202 Accepted")).contains("HTTP/1.1 202");
        }
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void aBodyThatIsTooLargeIsRefusedWhetherItsLengthIsKnownOrNot(String path) {
        try (RawConnection known = post(path).send("Content-Length: 5000\r\n\r\n" + LARGE);
                RawConnection chunked = post(path)
                        .send("Transfer-Encoding: chunked\r\n\r\n800\r\n" + LARGE.substring(0, 0x800) + "\r\n"
                                + "1388\r\n" + LARGE + "\r\n0\r\n\r\n")) {
            assertThat(known.answerHead()).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
            assertThat(chunked.answerHead()).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
        }
    }

    @Test
    void aLengthThatLiesIsRefused() {
        for (String length : new String[] {"-1", "1e3", "99999999999999999999", "1, 2"}) {
            try (RawConnection liar =
                    post("/v1/addresses/open/events").send("Content-Length: " + length + "\r\n\r\n1")) {
                assertThat(liar.status()).as(length).isIn(400, 413);
            }
        }
        try (RawConnection both = post("/v1/addresses/open/events")
                .send("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) {
            assertThat(both.status()).as("smuggling").isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0016\u0003\u0001", "\u0016\u0003\u0001\u0001\u0000\u0001\u0000"})
    void aTlsHandshakeThatDoesNotEndIsClosed(String begun, @TempDir Path home) throws Exception {
        Certificates.write(home, "node");
        String yaml = "http: {handshake-timeout: 500ms, tls: {certificate: node.crt, key: node.key}}\n";
        try (TestNode secure = TestNode.start(home, yaml);
                RawConnection slow = RawConnection.open(secure.port()).send(begun)) {
            assertThat(slow.rest()).isEmpty();
        }
    }

    @Test
    void plainHttpOnATlsPortIsClosed(@TempDir Path home) throws Exception {
        Certificates.write(home, "node");
        try (TestNode secure = TestNode.start(home, "http: {tls: {certificate: node.crt, key: node.key}}\n");
                RawConnection plain = RawConnection.get(secure.port(), "/health/live")) {
            assertThat(plain.rest()).doesNotContain("200");
        }
    }
}
