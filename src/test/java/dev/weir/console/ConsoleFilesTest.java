package dev.weir.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project whose webroot knows nothing of the console has it all the same, with all that it loads. */
class ConsoleFilesTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
    private static final Pattern REFERENCE =
            Pattern.compile("(?:href|src)=\"(/[^\"]+)\"|(?:from|import) '([^']+\\.js)'");

    @TempDir
    Path home;

    private static HttpResponse<String> get(TestNode node, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url(path))).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void allThatItNames(TestNode node, String of) throws Exception {
        Matcher named = REFERENCE.matcher(get(node, of).body());
        while (named.find()) {
            String name = named.group(1) == null ? named.group(2) : named.group(1);
            String path = URI.create(of).resolve(name).getPath();
            assertThat(get(node, path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void theConsoleComesWithTheProgram() throws Exception {
        Files.createDirectories(home.resolve("webroot"));
        Files.writeString(home.resolve("webroot/index.html"), "<!doctype html><title>My own</title>");
        try (TestNode node = TestNode.start(home, "addresses: []\n")) {
            assertThat(get(node, "/").body()).contains("My own");
            HttpResponse<String> page = get(node, "/console/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
            Matcher map = IMPORT_MAP.matcher(page.body());
            assertThat(map.find()).isTrue();
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(map.group(1).getBytes(StandardCharsets.UTF_8));
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                    .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
                    .contains("style-src 'self';");
            allThatItNames(node, "/console/");
            allThatItNames(node, "/console/console.js");
            allThatItNames(node, "/console/views/overview.js");
            HttpResponse<String> folder = get(node, "/console");
            assertThat(folder.statusCode()).isEqualTo(301);
            assertThat(folder.headers().firstValue("location").orElseThrow()).endsWith("/console/");
            assertThat(get(node, "/console/views/none.js").statusCode()).isEqualTo(404);
            assertThat(get(node, "/console/..%2Fdev/weir/Weir.class").statusCode())
                    .isNotEqualTo(200);
        }
    }
}
