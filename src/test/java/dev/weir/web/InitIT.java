package dev.weir.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.weir.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A project made by {@code scripts/weir init}, used as its README says, in a folder whose name has spaces. */
class InitIT {
    /** A program that runs for a second need not be optimised for a day. */
    private static final String BRIEFLY = "-XX:TieredStopAtLevel=1";

    private static final Map<String, String> ANY_PORT =
            Map.of("WEIR_HTTP_PORT", "0", "WEIR_OPTS", "-Xmx256m " + BRIEFLY);

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();
    private Path project;

    @BeforeEach
    void init() throws IOException {
        Program.useBuiltJar();
        project = folder.resolve("my first project");
        Program init = Program.start(
                Path.of(""), Map.of("WEIR_OPTS", BRIEFLY), List.of("scripts/weir", "init", project.toString()));
        programs.add(init);
        assertThat(init.exit()).as(init.output()).isZero();
    }

    @AfterEach
    void stop() {
        programs.forEach(Program::close);
    }

    private Program run(Map<String, String> given, String line) {
        Map<String, String> env = new HashMap<>(given);
        env.putIfAbsent("WEIR_OPTS", BRIEFLY);
        Program program = Program.shell(project, env, line);
        programs.add(program);
        return program;
    }

    private String token(String sub) {
        Program token = run(Map.of(), "./weir token --sub " + sub + " --for 8h");
        assertThat(token.exit()).as(token.output()).isZero();
        return token.output().strip();
    }

    private static int status(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theVerticleAnswersAndTheRestIsClosed() throws Exception {
        String url = run(ANY_PORT, "./weir").ready();
        Map<String, String> ann = Map.of("WEIR_URL", url, "WEIR_TOKEN", token("ann"));
        Program asked = run(ann, "./weir request hello --data '{}'");
        assertThat(asked.exit()).as(asked.output()).isZero();
        assertThat(asked.output()).contains("\"hello\":\"ann\"");

        Program stranger = run(Map.of("WEIR_URL", url), "./weir request hello --data '{}'");
        assertThat(stranger.exit()).isEqualTo(3);
        assertThat(stranger.output()).contains("not_logged_in");
        Program bob = run(Map.of("WEIR_URL", url, "WEIR_TOKEN", token("bob")), "./weir publish notes.ann --data 1");
        assertThat(bob.exit()).isEqualTo(3);
        assertThat(bob.output()).contains("access_denied");
        Program elsewhere = run(ann, "./weir publish anything --data 1");
        assertThat(elsewhere.exit()).isEqualTo(3);
        assertThat(elsewhere.output()).contains("unknown_address");

        assertThat(status(url + "/")).isEqualTo(200);
        assertThat(status(url + "/client/weir.js")).isEqualTo(200);
        for (String secret : List.of("/conf/secret", "/../conf/secret", "/%2e%2e/conf/secret", "/.gitignore")) {
            assertThat(status(url + secret)).as(secret).isEqualTo(404);
        }
    }

    @Test
    void whatItsReadmeSaysIsSo() throws IOException {
        String readme = Files.readString(project.resolve("README.md"));
        Program explained = run(Map.of(), "./weir explain notes.ann --as bob");
        assertThat(readme).contains("./weir explain notes.ann --as bob");
        assertThat(explained.exit()).isZero();
        assertThat(explained.output()).contains("publish: no").contains("history: no");
        Program good = run(Map.of(), "./weir check");
        assertThat(good.exit()).as(good.output()).isZero();
        assertThat(Files.readString(project.resolve(".gitignore"))).contains("conf/secret");
        assertThat(Files.getPosixFilePermissions(project.resolve("conf/secret")))
                .hasSize(2);
    }

    @Test
    void aNoteIsKeptAndComesToEveryPageOfItsOwner() {
        String url = run(ANY_PORT, "./weir").ready();
        String ann = token("ann");
        Page one = signedIn(url, ann);
        one.getByLabel("Note").fill("remember the <milk>");
        one.getByLabel("Note").press("Enter");
        assertThat(one.locator("#notes li")).hasText("remember the <milk>");
        Page later = signedIn(url, ann);
        assertThat(later.locator("#notes li")).hasText("remember the <milk>");
        Page bob = signedIn(url, token("bob"));
        assertThat(bob.locator("#status")).containsText("Hello bob");
        assertThat(bob.locator("#notes li")).hasCount(0);
        assertThat(CHROMIUM.complaints()).isEmpty();
    }

    private static Page signedIn(String url, String token) {
        Page page = CHROMIUM.visitor();
        page.navigate(url + "/");
        page.getByLabel("Token").fill(token);
        page.getByLabel("Token").press("Enter");
        assertThat(page.locator("#status")).containsText("Hello");
        return page;
    }
}
