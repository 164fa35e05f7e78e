package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.weir.BridgeClient;
import dev.weir.NodeProcess;
import dev.weir.NodeProcesses;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** weir.js in Chromium on a cluster of real nodes, when the one it is on is killed. */
class FailoverIT {
    private static final String CONF = """
            http: {webroot: "%s", origins: ['*']}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone}
            """;

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    Path home;

    @Test
    void itGoesOnWithAnotherNodeAndSendsWhatWasEmittedMeanwhile() {
        String webroot = Path.of("webroot").toAbsolutePath().toString();
        try (var cluster = new NodeProcesses(home, CONF.formatted(webroot)).startAll(2);
                var elsewhere = BridgeClient.connect(cluster.get(0).port()).register("orders")) {
            NodeProcess doomed = cluster.get(1);
            Page page = CHROMIUM.visitor();
            page.navigate(cluster.get(0).url("/client/package.json"));
            page.evaluate("""
                    async urls => {
                      const {connect} = await import('/client/weir.js');
                      window.heard = [];
                      window.receipts = [];
                      window.connection = connect({urls, backoff: {min: 20, max: 200}});
                      window.orders = connection.emitter('orders').on('placed', data => heard.push(data));
                      connection.on('disconnect', () => {
                        for (const n of [2, 3]) orders.emit('placed', n).then(receipt => receipts.push(receipt.id));
                      });
                      await orders.ready();
                      await orders.emit('placed', 1);
                    }""", List.of(doomed.url("/"), cluster.get(0).url("/")));
            page.waitForFunction("() => heard.length === 1");
            // What a node that dies has accepted and not sent yet is gone with it.
            assertThat(elsewhere.next().getInteger("body")).isEqualTo(1);
            doomed.kill();
            page.waitForFunction("() => heard.length === 3 && receipts.length === 2");
            assertThat(page.evaluate("() => heard")).isEqualTo(List.of(1, 2, 3));
            for (int n = 2; n <= 3; n++) {
                assertThat(elsewhere.next().getInteger("body")).isEqualTo(n);
            }
            elsewhere.send(BridgeClient.frame("publish", "orders")
                    .put("headers", new JsonObject().put("ce-type", "placed"))
                    .put("body", 4));
            page.waitForFunction("() => heard.length === 4");
        }
    }
}
