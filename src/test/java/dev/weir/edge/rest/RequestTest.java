package dev.weir.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.FailureCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests over HTTP to verticles of a real node. */
class RequestTest {
    private static final String CONF = """
            addresses:
              - match: pricing
                request: anyone
              - match: svc.{name}
                request: anyone
              - match: closed
                request: role:buyer
              - match: news
                publish: nobody
                subscribe: anyone
            """;

    @TempDir
    static Path home;

    private static final AtomicInteger ASKED = new AtomicInteger();
    private static TestNode node;
    private static Http http;

    @BeforeAll
    static void start() {
        node = TestNode.start(home, CONF);
        http = new Http(node.vertx(), node.port());
        var bus = node.vertx().eventBus();
        bus.<JsonObject>consumer("pricing", message -> {
            ASKED.incrementAndGet();
            DeliveryOptions options = new DeliveryOptions()
                    .addHeader("ce-type", message.headers().get("ce-type"))
                    .addHeader("ce-subject", "caf\u00e9")
                    .addHeader("internal", "secret");
            message.reply(message.body().copy().put("price", 42), options);
        });
        bus.consumer("svc.bytes", message -> message.reply(Buffer.buffer("raw")));
        bus.consumer("svc.silent", message -> ASKED.incrementAndGet());
        bus.consumer("svc.fails", message -> message.fail(7, "out of stock"));
        bus.consumer("svc.busy", message -> message.fail(FailureCode.BUSY.number(), "come later"));
        bus.consumer("closed", message -> ASKED.incrementAndGet());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void theReplyComesBackWithItsAttributes() {
        var answer = http.post("/v1/addresses/pricing/requests?type=quote", "application/json", "{\"sku\":1}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(new JsonObject().put("sku", 1).put("price", 42));
        assertThat(answer.header("ce-type")).isEqualTo("quote");
        assertThat(answer.header("ce-subject")).isEqualTo("caf%C3%A9");
        assertThat(answer.headers().contains("internal")).isFalse();
    }

    @Test
    void bytesComeBackAsTheyAre() {
        var answer = http.send("POST", "/v1/addresses/svc.bytes/requests", Map.of(), "");
        assertThat(answer.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(answer.text()).isEqualTo("raw");
    }

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "svc.nobody, application/json, 1, 503, no_handlers",
                "svc.silent?timeout=50, application/json, 1, 504, timeout",
                "svc.fails, application/json, 1, 502, recipient_failure",
                "svc.busy, application/json, 1, 503, busy",
                "closed, application/json, 1, 401, not_logged_in",
                "nowhere, application/json, 1, 404, unknown_address",
                "pricing, application/json, {, 400, invalid_json",
                "pricing, text/plain, x, 415, unsupported_content",
                "pricing?timeout=soon, application/json, 1, 400, invalid_parameter",
                "pricing?timeout=0, application/json, 1, 400, invalid_parameter",
                "weir.audit, application/json, 1, 403, access_denied"
            })
    void whatCannotBeAnsweredIsAProblem(String address, String type, @Nullable String body, int status, String code) {
        int before = ASKED.get();
        int query = address.indexOf('?');
        String name = query < 0 ? address : address.substring(0, query);
        String path = "/v1/addresses/" + name + "/requests" + (query < 0 ? "" : address.substring(query));
        var answer = http.post(path, type, String.valueOf(body));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.json().getString("code")).isEqualTo(code);
        int heard = name.equals("svc.silent") ? 1 : 0;
        await().untilAsserted(() -> assertThat(ASKED.get()).isEqualTo(before + heard));
    }

    @Test
    void aFailureOfTheRecipientIsToldWithItsOwnWords() {
        JsonObject problem = http.post("/v1/addresses/svc.fails/requests", "application/json", "1")
                .json();
        assertThat(problem.getString("detail")).isEqualTo("out of stock");
        assertThat(problem.getInteger("failureCode")).isEqualTo(7);
    }

    @Test
    void listenersAreCountedForWhoMayListen() {
        JsonObject counted = http.get("/v1/addresses/news").json();
        assertThat(counted.getInteger("listeners")).isZero();
        assertThat(counted.getJsonArray("nodes")).isEmpty();
        assertThat(http.get("/v1/addresses/closed").status()).isIn(401, 403);
        assertThat(http.get("/v1/addresses/nowhere").status()).isEqualTo(404);
        assertThat(http.get("/v1/addresses").json().getJsonArray("addresses")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/sessions",
        "DELETE,/v1/sessions?sub=x",
        "DELETE,/v1/sessions/x",
        "GET,/v1/cluster",
        "POST,/v1/config/reload"
    })
    void operatorsOnly(String method, String path) {
        var answer = http.send(method, path, Map.of(), "");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    }
}
