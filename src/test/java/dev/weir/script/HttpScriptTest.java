package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script's HTTP server with clients that are not ours. */
class HttpScriptTest {
    private static final String SERVER = """
            const http = require('http');
            const server = http.createServer((req, res) => {
              if (req.method === 'POST') req.pipe(res);
              else {
                res.setHeader('X-Port', req.socket.remotePort);
                res.end(`${req.method} ${req.url} ${req.headers['x-name']} ${req.httpVersion}`);
              }
            });
            server.listen(PORT, () => console.log('port', server.address().port));
            """;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    private ScriptRig rig;

    @BeforeEach
    void rig() {
        rig = new ScriptRig(folder);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void answersOverConnectionsThatAreKept() throws IOException, InterruptedException {
        rig.deploy(SERVER.replace("PORT", "0"), new JsonObject());
        int port = port();
        HttpResponse<String> first = get(port);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("GET /path?a=1 weir 1.1");
        assertThat(first.headers().firstValue("connection")).contains("keep-alive");
        assertThat(first.headers().firstValue("content-length")).contains("22");
        assertThat(get(port).headers().firstValue("x-port"))
                .isEqualTo(first.headers().firstValue("x-port"));

        String large = "grüße".repeat(50_000);
        HttpRequest post =
                request(port).POST(HttpRequest.BodyPublishers.ofString(large)).build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo(large);
    }

    @Test
    void thePortIsGivenBackWithTheScript() throws IOException, InterruptedException {
        String id = rig.deploy(SERVER.replace("PORT", "0"), new JsonObject());
        int port = port();
        get(port);
        rig.vertx().undeploy(id).toCompletionStage().toCompletableFuture().join();
        assertThatThrownBy(() ->
                        HttpClient.newHttpClient().send(request(port).build(), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(ConnectException.class);
        rig.deploy(SERVER.replace("PORT", String.valueOf(port)), new JsonObject());
        assertThat(get(port).statusCode()).isEqualTo(200);
    }

    @Test
    void aTakenPortIsSaidSoNamingWhoHasItAndWhoWantsIt() {
        Path holder = rig.file("holder.js", SERVER.replace("PORT", "0"));
        rig.deploy(holder, new JsonObject());
        int port = port();
        List<String> said = rig.run(rig.file("late.js", SERVER.replace("PORT", String.valueOf(port))));
        assertThat(said.get(0))
                .isEqualTo("Uncaught Error: listen EADDRINUSE: address already in use 127.0.0.1:" + port
                        + " (wanted by late.js, taken by holder.js)");
    }

    @Test
    void instancesOfOneVerticleShareAPortAndNobodyElseDoes() throws IOException {
        HttpServer free = rig.vertx().createHttpServer().requestHandler(request -> {});
        free.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        int port = free.actualPort();
        free.close().toCompletionStage().toCompletableFuture().join();
        Path file = rig.file("shared.js", SERVER.replace("PORT", String.valueOf(port)));
        rig.deploy(file, new JsonObject());
        rig.deploy(file, new JsonObject());
        await().atMost(Duration.ofSeconds(30)).until(() -> rig.lines().size() == 2);
        assertThat(rig.lines()).containsOnly("port " + port);
        assertThat(rig.run(rig.file("other.js", SERVER.replace("PORT", String.valueOf(port))))
                        .get(0))
                .contains("EADDRINUSE")
                .endsWith("(wanted by other.js, taken by shared.js)");
    }

    @Test
    void aClientThatLeavesWhileItIsAnsweredIsNoErrorOfTheServer() throws IOException, InterruptedException {
        rig.deploy("""
                const http = require('http');
                const server = http.createServer((req, res) => {
                  if (req.url !== '/flood') {
                    res.end('still here');
                    return;
                  }
                  res.on('close', () => {
                    res.write('late');
                    console.log('gone');
                  });
                  const piece = Buffer.alloc(65536);
                  for (let i = 0; i < 200; i++) res.write(piece);
                });
                server.listen(0, () => console.log('port', server.address().port));
                """, new JsonObject());
        int port = port();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isPositive();
            socket.setSoLinger(true, 0);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> rig.lines().size() > 1);
        assertThat(rig.lines().subList(1, rig.lines().size())).containsExactly("gone");
        assertThat(get(port).body()).isEqualTo("still here");
    }

    @Test
    void aServerOfTheNodeItselfIsNotShared() {
        HttpServer node = rig.vertx().createHttpServer().requestHandler(request -> {});
        node.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        assertThat(rig.run(SERVER.replace("PORT", String.valueOf(node.actualPort())))
                        .get(0))
                .contains("EADDRINUSE")
                .endsWith("taken by another server)");
    }

    @Test
    void aClientThatHearsNothingCanGiveUp() {
        assertThat(rig.run("""
                        const http = require('http');
                        const server = http.createServer(() => {}).listen(0, async () => {
                          const url = `http://127.0.0.1:${server.address().port}`;
                          try {
                            await fetch(url, { signal: AbortSignal.timeout(20) });
                          } catch (error) {
                            console.log(error.name);
                          }
                          const req = http.get(url, { timeout: 20 });
                          req.on('timeout', () => req.destroy(new Error('too late')));
                          req.on('error', (error) => {
                            console.log(error.message);
                            server.close();
                            server.closeAllConnections();
                          });
                        });
                        """)).containsExactly("TimeoutError", "too late");
    }

    private int port() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> rig.lines().stream().anyMatch(line -> line.startsWith("port ")));
        return Integer.parseInt(rig.lines().get(rig.lines().size() - 1).substring(5));
    }

    private HttpResponse<String> get(int port) throws IOException, InterruptedException {
        return client.send(request(port).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/path?a=1"))
                .header("X-Name", "weir");
    }
}
