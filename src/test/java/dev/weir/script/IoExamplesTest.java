package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of conf/verticles that do I/O. */
class IoExamplesTest {
    private static final Path EXAMPLES = Path.of("conf/verticles");

    @TempDir
    Path folder;

    @Test
    void chatTellsARoomWhatIsSaidInIt() throws IOException {
        try (ScriptRig rig = new ScriptRig(folder).with(given -> with(given, Map.of("CHAT_PORT", "0")))) {
            rig.deploy(copied("chat.js"), new JsonObject());
            await().atMost(Duration.ofSeconds(30)).until(() -> !rig.lines().isEmpty());
            int port = Integer.parseInt(rig.lines().get(0).replaceAll(".*:(\\d+)/lobby", "$1"));
            List<String> ada = new CopyOnWriteArrayList<>();
            WebSocket adas = join(rig, port, "/lobby", ada);
            until(ada, "{\"joined\":\"guest1\"}");
            List<String> elsewhere = new CopyOnWriteArrayList<>();
            join(rig, port, "/other%20room", elsewhere);
            until(elsewhere, "{\"joined\":\"guest2\"}");
            List<String> bob = new CopyOnWriteArrayList<>();
            WebSocket bobs = join(rig, port, "/lobby", bob);
            until(ada, "{\"joined\":\"guest3\"}");
            adas.writeTextMessage("/name Ada");
            adas.writeTextMessage("hello");
            until(bob, "{\"from\":\"Ada\",\"text\":\"hello\"}");
            assertThat(bob)
                    .containsExactly(
                            "{\"joined\":\"guest3\"}",
                            "{\"renamed\":\"guest1\",\"to\":\"Ada\"}",
                            "{\"from\":\"Ada\",\"text\":\"hello\"}");
            bobs.close();
            until(ada, "{\"left\":\"guest3\"}");
            assertThat(elsewhere).containsExactly("{\"joined\":\"guest2\"}");
        }
    }

    private Path copied(String name) throws IOException {
        return Files.copy(EXAMPLES.resolve(name), folder.resolve(name));
    }

    private static WebSocket join(ScriptRig rig, int port, String path, List<String> heard) {
        ClientWebSocket socket = rig.vertx().createWebSocketClient().webSocket();
        // Before it connects: the first message comes with the answer.
        socket.textMessageHandler(heard::add);
        return socket.connect(port, "127.0.0.1", path)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static void until(List<String> heard, String line) {
        await().atMost(Duration.ofSeconds(30)).until(() -> heard.contains(line));
    }

    @Test
    void upperConvertsWhatIsThereAndWhatAppears() throws IOException {
        Path in = Files.createDirectories(folder.resolve("data/in"));
        Path out = folder.resolve("data/out");
        Files.writeString(in.resolve("first.txt"), "grüne ".repeat(50_000));
        try (ScriptRig rig = new ScriptRig(folder).with(given -> given.withFolders(List.of(folder.resolve("data"))))) {
            rig.deploy(copied("upper.js"), new JsonObject());
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.lines().contains("first.txt is in data/out"));
            assertThat(out.resolve("first.txt")).hasContent("GRÜNE ".repeat(50_000));
            Files.writeString(folder.resolve("second.txt"), "later");
            Files.move(folder.resolve("second.txt"), in.resolve("second.txt"));
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.lines().contains("second.txt is in data/out"));
            assertThat(out.resolve("second.txt")).hasContent("LATER");
            assertThat(in).isEmptyDirectory();
        }
    }

    @Test
    void tickerSaysWhatMovesAndComesAgain() throws IOException {
        try (ScriptRig rig = new ScriptRig(folder)) {
            // A feed that says prices, goes away after the first time, and the second time says more.
            rig.deploy("""
                    const { WebSocketServer } = require('ws');
                    const wss = new WebSocketServer({ port: 0 });
                    let times = 0;
                    wss.on('listening', () => console.log(wss.address().port));
                    wss.on('connection', (ws) => {
                      const prices = ++times === 1 ? [100, 100.5, 102] : [99.96];
                      for (const price of prices) ws.send(JSON.stringify({ symbol: 'WEIR', price }));
                      if (times === 1) ws.close(1012);
                      else ws.send('nonsense');
                    });
                    """, new JsonObject());
            await().atMost(Duration.ofSeconds(30)).until(() -> !rig.lines().isEmpty());
            String url = "ws://127.0.0.1:" + rig.lines().get(0) + "/prices";
            rig.with(given -> with(given, Map.of("TICKER_URL", url)));
            rig.deploy(copied("ticker.js"), new JsonObject());
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.lines().contains("not a price: nonsense"));
            assertThat(rig.lines())
                    .containsSubsequence(
                            "connected",
                            "WEIR 100",
                            "WEIR 102 (+2.00%)",
                            "disconnected (1012), again in 100 ms",
                            "connected",
                            "WEIR 99.96 (-2.00%)",
                            "not a price: nonsense")
                    .hasSize(8);
        }
    }

    private static ScriptSettings with(ScriptSettings given, Map<String, String> environment) {
        return given.withEnvironment(environment);
    }
}
