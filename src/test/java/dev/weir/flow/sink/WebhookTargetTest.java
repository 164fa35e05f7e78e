package dev.weir.flow.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.flow.FlowRig;
import dev.weir.flow.OutsideServer;
import dev.weir.flow.OutsideServer.Asked;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The target webhook: on a virtual clock, and in a real node against receivers that misbehave. */
class WebhookTargetTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, keep: {events: 10000}}
              - {match: readings, publish: anyone}
            """;
    private static final byte[] SECRET = "a secret of some bytes".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path home;

    private void flow(String from, String webhook) throws Exception {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(
                folder.resolve("hook.yaml"), "flow: hook\nfrom: " + from + "\nto: {webhook: " + webhook + "}\n");
    }

    private static void publish(TestNode node, String address, String id, String key, Object data) throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set("ce-id", id)
                .set("ce-source", "/shop")
                .set("ce-type", "placed")
                .set("ce-time", "2026-01-01T00:00:00.000Z")
                .set("ce-subject", key);
        Objects.requireNonNull(Publisher.of(node.vertx()))
                .publish(Origin.node("test"), address, headers, data, 0)
                .await(30, TimeUnit.SECONDS);
    }

    @Test
    void onAVirtualClockItIsTriedAgainAndWaitsWhileTheBreakerIsOpen() {
        FlowRig.check("""
                flow: hook
                from: orders
                to:
                  webhook:
                    url: "https://shop.example/hook"
                    retry: {backoff: [1s, 2s], attempts: 3}
                    breaker: {failures: 100%, of: 2, pause: 10s, probes: 1}
                on-error: {then: {emit: {address: lost}}}
                tests:
                  - name: goes well where nothing is said
                    given: [{type: a, key: k, data: 1}]
                    expect: [{at: 0s, address: webhook, type: a, key: k, data: 1}]
                  - name: three attempts, the last one behind the pause of the breaker
                    answers: {webhook: [{error: 500 no}, {error: 500 no}, {data: ok}]}
                    given: [{key: k, data: 1}, {at: 2s, key: l, data: 2}]
                    expect: [{at: 11001ms, address: webhook, data: 1}, {at: 11001ms, address: webhook, data: 2}]
                  - name: given up
                    answers: {webhook: [{error: 410 gone}]}
                    given: [{data: 1}]
                    expect: [{at: 0s, address: lost, data: {error: 410 gone}}]
                """);
    }

    @Test
    void receiversGetSignedCloudEvents() throws Exception {
        Files.writeString(home.resolve("secret"), "whsec_" + Base64.getEncoder().encodeToString(SECRET) + "\n");
        try (OutsideServer receiver = OutsideServer.start(
                (before, request) -> request.response().setStatusCode(204).end())) {
            flow(
                    "readings",
                    "{url: \"" + receiver.url("/hook/{event.type}")
                            + "\", secret-file: secret, headers: {x-shop: \"s {event.key}\"}}");
            try (TestNode node = TestNode.start(home, YAML)) {
                publish(node, "readings", "id-1", "k-1", new JsonObject().put("n", 1));
                await().untilAsserted(() -> assertThat(receiver.asked()).hasSize(1));
            }
            Asked asked = receiver.asked().get(0);
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.uri()).isEqualTo("/hook/placed");
            assertThat(asked.headers().get("content-type")).isEqualTo("application/cloudevents+json");
            assertThat(asked.headers().get("x-shop")).isEqualTo("s k-1");
            JsonObject sent = new JsonObject(asked.body());
            sent.remove("correlationid");
            sent.remove("traceparent");
            assertThat(sent)
                    .isEqualTo(new JsonObject()
                            .put("specversion", "1.0")
                            .put("id", "id-1")
                            .put("source", "/shop")
                            .put("type", "placed")
                            .put("subject", "k-1")
                            .put("time", "2026-01-01T00:00:00.000Z")
                            .put("data", new JsonObject().put("n", 1)));
            assertThat(asked.headers().get("webhook-signature")).isEqualTo(signature(asked));
        }
    }

    /** As a receiver would compute it. */
    private static String signature(Asked asked) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        Buffer signed = Buffer.buffer(asked.headers().get("webhook-id") + "."
                        + asked.headers().get("webhook-timestamp") + ".")
                .appendBuffer(asked.body());
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes()));
    }

    /** The example of the specification Standard Webhooks. */
    @Test
    void signaturesAreThoseOfStandardWebhooks() {
        Signer signer = Signer.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assertThat(signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Buffer.buffer("{\"test\": 2432232314}")))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void binaryModeWritesAttributesAsHeaders() throws Exception {
        try (OutsideServer receiver =
                OutsideServer.start((before, request) -> request.response().end())) {
            flow("readings", "{url: \"" + receiver.url("/") + "\", mode: binary, id: event.id + '-x'}");
            try (TestNode node = TestNode.start(home, YAML)) {
                publish(node, "readings", "id 1", "k\"ü%", "text");
                await().untilAsserted(() -> assertThat(receiver.asked()).hasSize(1));
            }
            Asked asked = receiver.asked().get(0);
            assertThat(asked.headers().get("ce-specversion")).isEqualTo("1.0");
            assertThat(asked.headers().get("ce-id")).isEqualTo("id%201-x");
            assertThat(asked.headers().get("ce-subject")).isEqualTo("k%22%C3%BC%25");
            assertThat(asked.headers().get("content-type")).isEqualTo("application/json");
            assertThat(asked.headers().contains("webhook-signature")).isFalse();
            assertThat(asked.body().toString()).isEqualTo("\"text\"");
        }
    }

    @Test
    void receiversThatFailAreAskedAgainWithTheSameIdAndInOrderOfTheKey() throws Exception {
        try (OutsideServer receiver = OutsideServer.start((before, request) -> {
            switch (before) {
                case 0 -> request.response().setStatusCode(500).end();
                case 1 ->
                    request.response()
                            .setStatusCode(429)
                            .putHeader("retry-after", "0")
                            .end();
                case 2 -> request.connection().close();
                default -> request.response().end();
            }
        })) {
            flow("orders", "{url: \"" + receiver.url("/") + "\", retry: {backoff: [1ms], attempts: 9}}");
            try (TestNode node = TestNode.start(home, YAML)) {
                publish(node, "orders", "id-1", "k", 1);
                publish(node, "orders", "id-2", "k", 2);
                await().untilAsserted(() -> assertThat(receiver.asked()).hasSize(5));
            }
            List<String> ids = receiver.asked().stream()
                    .map(asked -> asked.headers().get("webhook-id"))
                    .toList();
            assertThat(ids.subList(0, 4)).containsOnly(ids.get(0));
            assertThat(ids.get(4)).isNotEqualTo(ids.get(0));
            assertThat(receiver.asked().stream().map(asked -> new JsonObject(asked.body()).getString("id")))
                    .containsExactly("id-1", "id-1", "id-1", "id-1", "id-2");
        }
    }

    @Test
    void whatWasUnderWayWhenTheNodeStoppedIsSentAgain() throws Exception {
        try (OutsideServer receiver = OutsideServer.start((before, request) -> {
            // Never answers.
        })) {
            flow("orders", "{url: \"" + receiver.url("/") + "\", timeout: 1m}");
            try (TestNode node = TestNode.start(home, YAML)) {
                publish(node, "orders", "id-1", "a", 1);
                publish(node, "orders", "id-2", "b", 2);
                publish(node, "orders", "id-3", "a", 3);
                await().untilAsserted(() -> assertThat(receiver.asked()).hasSize(2));
            }
            String first = receiver.asked().get(0).headers().get("webhook-id");
            receiver.behave((before, request) -> request.response().end());
            try (TestNode node = TestNode.start(home, YAML)) {
                assertThat(node.port()).isPositive();
                await().untilAsserted(() -> assertThat(receiver.asked()).hasSize(5));
            }
            assertThat(receiver.asked().subList(2, 5).stream()
                            .map(asked -> new JsonObject(asked.body()).getString("id")))
                    .containsExactlyInAnyOrder("id-1", "id-2", "id-3");
            assertThat(receiver.asked().subList(2, 5).stream()
                            .map(asked -> asked.headers().get("webhook-id")))
                    .contains(first);
        }
    }

    @Test
    void whatIsWrongIsSaidAndNoSecretIsShown() {
        assertThat(FlowRig.problems("""
                flow: hook
                from: orders
                to:
                  - {webhook: {mode: xml}}
                  - {webhook: {url: "https://x/", secret: "whsec_not base 64", headers: {"x y": z}}}
                """))
                .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).contains("flow.yaml:4: webhook: url is missing"),
                        one -> assertThat(one).contains("flow.yaml:4: webhook.mode: xml is not known"),
                        one -> assertThat(one)
                                .contains("flow.yaml:5: webhook.secret: no base 64 behind whsec_")
                                .doesNotContain("not base 64"),
                        one -> assertThat(one).contains("webhook.headers: 'x y' is no name of a header"));
    }
}
