package dev.weir.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.BridgeClient;
import dev.weir.Ports;
import dev.weir.Program;
import dev.weir.TestNode;
import dev.weir.config.ConfigException;
import dev.weir.node.NodeSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in docs/deploy, as far as this machine can run it. */
class DeployIT {
    private static final Path DEPLOY = Path.of("docs/deploy");
    private static final Pattern VARIABLE = Pattern.compile("(WEIR_[A-Z_]+)[,=]");
    private static final String YAML = """
            http: {trusted-proxies: [127.0.0.1]}
            addresses:
              - {match: news, publish: anyone, subscribe: anyone}
              - {match: access, subscribe: anyone}
            sources:
              - access: {to: access}
            """;

    @TempDir
    private Path folder;

    private static boolean has(String command) {
        try (Program found = Program.shell(Path.of(""), Map.of(), "command -v " + command)) {
            return found.exit() == 0;
        }
    }

    /** nginx with the page's configuration, which is for a machine of its own: the ports, the log and the nodes are ours. */
    private Program nginx(int port, int node) throws IOException {
        String site = Files.readString(DEPLOY.resolve("nginx.conf"))
                .replaceFirst("server 127.0.0.1:8080;", "server 127.0.0.1:" + node + ";")
                .replaceAll("    server 127.0.0.1:808[12];\n", "")
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                .replace("/var/log/nginx/weir.log", folder.resolve("access.log").toString());
        StringBuilder whole = new StringBuilder("daemon off;\nmaster_process off;\npid " + folder + "/nginx.pid;\n"
                + "error_log " + folder + "/error.log;\nevents {}\nhttp {\n");
        for (String each : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            whole.append(each + "_temp_path " + folder + "/" + each + ";\n");
        }
        Path conf = Files.writeString(folder.resolve("nginx.conf"), whole + site + "}\n");
        String errors = folder.resolve("error.log").toString();
        return Program.start(
                folder, Map.of(), List.of("nginx", "-p", folder.toString(), "-e", errors, "-c", conf.toString()));
    }

    private static boolean listens(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void publish(int port, String data) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(at(port, "/v1/addresses/news/events")))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(data)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String at(int port, String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Test
    void everyTransportGoesThroughNginx() throws Exception {
        assumeTrue(has("nginx"), "nginx is not installed");
        int port = Ports.free();
        try (TestNode node = TestNode.start(folder, YAML);
                Program nginx = nginx(port, node.port())) {
            await("nginx listens; " + nginx.output()).until(() -> listens(port));
            webSocket(port);
            stream(port);
            polling(port);
            assertThat(send(HttpRequest.newBuilder(URI.create(at(port, "/metrics"))))
                            .statusCode())
                    .isEqualTo(404);
            assertThat(send(HttpRequest.newBuilder(URI.create(at(port, "/v1/stream?address=none&access_token=s3cret"))))
                            .statusCode())
                    .isGreaterThan(399);
            assertThat(Files.readString(folder.resolve("access.log")))
                    .contains("POST /v1/addresses/news/events")
                    .doesNotContain("s3cret");
            address(port, node.port());
        }
    }

    private static void webSocket(int port) throws IOException, InterruptedException {
        String origin = at(port, "");
        try (var listener = BridgeClient.connect(port, "/eventbus/websocket", "Origin", origin)) {
            listener.register("news");
            publish(port, "\"by WebSocket\"");
            assertThat(listener.next().getString("body")).isEqualTo("by WebSocket");
        }
        try (var framed = BridgeClient.connect(port, "/eventbus/123/abcdefgh/websocket", "Origin", origin)) {
            assertThat(framed.nextText()).isEqualTo("o");
        }
    }

    /** Heard while the stream is open: nothing in between waits until a buffer is full. */
    private static void stream(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(at(port, "/v1/stream?address=news")))
                .build();
        try (var lines = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
            assertThat(reader.readLine()).startsWith("retry:");
            publish(port, "\"by stream\"");
            String line = reader.readLine();
            while (!line.startsWith("data:")) {
                line = reader.readLine();
            }
            assertThat(line).contains("by stream");
        }
    }

    private static void polling(int port) throws IOException, InterruptedException {
        String session = at(port, "/eventbus/123/polling1");
        assertThat(post(session + "/xhr", "")).isEqualTo("o\n");
        post(
                session + "/xhr_send",
                new JsonArray()
                        .add(BridgeClient.frame("register", "news")
                                .put("headers", new JsonObject().put("weir-rewind", "0"))
                                .encode())
                        .encode());
        assertThat(post(session + "/xhr", "")).contains("registered");
        publish(port, "\"by polling\"");
        assertThat(post(session + "/xhr", "")).contains("by polling");
    }

    private static String post(String url, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body)))
                .body();
    }

    /** The node knows the client behind nginx, whatever the client says itself. */
    private static void address(int nginx, int node) throws IOException {
        InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        try (var listener = BridgeClient.connect(node)) {
            listener.register("access");
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), nginx, other, 0)) {
                String request =
                        "GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n";
                client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                client.getInputStream().readAllBytes();
            }
            JsonObject access = listener.next().getJsonObject("body");
            while (!"/who".equals(access.getString("path"))) {
                access = listener.next().getJsonObject("body");
            }
            assertThat(access.getString("client")).isEqualTo("127.0.0.2");
        }
    }

    @Test
    void systemdTakesTheUnit() throws IOException {
        assumeTrue(has("systemd-analyze"), "systemd is not installed");
        String here = Path.of("").toAbsolutePath().toString();
        String unit = Files.readString(DEPLOY.resolve("weir.service"))
                .replace("/opt/weir", here.contains(" ") ? "\"" + here + "\"" : here)
                .replace("User=weir", "User=root");
        Path file = Files.writeString(folder.resolve("weir.service"), unit);
        try (Program verify = Program.start(folder, Map.of(), List.of("systemd-analyze", "verify", file.toString()))) {
            assertThat(verify.exit()).as(verify.output()).isZero();
            assertThat(verify.output()).doesNotContain("weir.service");
        }
    }

    @Test
    void theHealthCheckOfTheImageTellsReadyNodes() throws Exception {
        String check = Files.readAllLines(DEPLOY.resolve("Dockerfile")).stream()
                .filter(line -> line.startsWith("HEALTHCHECK CMD "))
                .map(line -> new JsonArray(line.substring("HEALTHCHECK CMD ".length())).getString(2))
                .findFirst()
                .orElseThrow();
        try (TestNode node = TestNode.start(folder, YAML)) {
            try (Program ready = Program.shell(folder, Map.of(), check.replace("/8080", "/" + node.port()))) {
                assertThat(ready.exit()).as(ready.output()).isZero();
            }
        }
        try (Program nobody = Program.shell(folder, Map.of(), check.replace("/8080", "/" + Ports.free()))) {
            assertThat(nobody.exit()).isNotZero();
        }
    }

    @Test
    void everyVariableIsOneThatNodesKnow() throws IOException {
        Map<String, String> known = new HashMap<>();
        try (Stream<Path> files = Files.list(DEPLOY)) {
            for (Path file : files.toList()) {
                Matcher variables = VARIABLE.matcher(Files.readString(file));
                while (variables.find()) {
                    known.put(variables.group(1), "127.0.0.1");
                }
            }
        }
        assertThat(known).containsKeys("WEIR_HTTP_HOST", "WEIR_CLUSTER_JOIN", "WEIR_JOURNAL_PATH");
        Path file = Files.writeString(folder.resolve("weir.yaml"), YAML);
        try {
            NodeSettings.read(file, known);
        } catch (ConfigException problems) {
            assertThat(problems).hasMessageNotContaining("unknown");
        }
    }
}
