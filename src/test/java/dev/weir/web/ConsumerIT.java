package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.weir.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Consumers of a subscription in browsers. */
class ConsumerIT {
    private static final String YAML = """
            http: {webroot: "%s"}
            addresses:
              - {match: orders, publish: anyone, keep: {events: 1000}}
            subscriptions:
              - {name: billing, from: [orders], consume: anyone, ack-wait: 10m, retry: {backoff: [100ms], attempts: 5}}
            """;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    Path folder;

    private static Page page(TestNode node) {
        Page page = CHROMIUM.visitor();
        page.navigate(node.url("/client/package.json"));
        return page;
    }

    private static JsonObject status(TestNode node) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/subscriptions/billing")))
                .build();
        return new JsonObject(
                HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Test
    void pagesShareTheWorkAndWhatAClosedOneHadGoesToTheOther() throws Exception {
        String yaml = YAML.formatted(Path.of("webroot").toAbsolutePath());
        try (TestNode node = TestNode.start(folder, yaml)) {
            Page keeps = page(node);
            keeps.evaluate("""
                    async () => {
                      const {connect} = await import('/client/weir.js');
                      window.taken = [];
                      const connection = connect();
                      connection.subscription('billing', {concurrency: 3})
                        .consume(data => { taken.push(data.n); return new Promise(() => {}); });
                      for (let n = 1; n <= 3; n++) await connection.emitter('orders').emit('paid', {n}, {key: 'k' + n});
                    }""");
            keeps.waitForFunction("() => taken.length === 3");
            Page works = page(node);
            works.evaluate("""
                    async () => {
                      const {connect, Rejected} = await import('/client/weir.js');
                      window.done = [];
                      const connection = connect();
                      connection.subscription('billing', {concurrency: 2}).consume((data, delivery) => {
                        if (data.n === 5) throw new Rejected('five is bad');
                        if (data.n === 6 && delivery.attempt === 1) throw new Error('once more');
                        done.push(data.n + '/' + delivery.attempt);
                      });
                      for (let n = 4; n <= 6; n++) await connection.emitter('orders').emit('paid', {n}, {key: 'k' + n});
                    }""");
            works.waitForFunction("() => done.length === 2");
            keeps.close();
            works.waitForFunction("() => done.length === 5");
            assertThat(works.evaluate("() => done.sort().join(' ')")).isEqualTo("1/2 2/2 3/2 4/1 6/2");
            await().atMost(Duration.ofSeconds(30)).until(() -> status(node).getInteger("lag") == 0);
            assertThat(status(node).getInteger("deadLettered")).isEqualTo(1);
        }
    }
}
