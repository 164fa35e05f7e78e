package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir trace} as somebody types it, against a real node. */
class TraceCommandTest {
    private static final String YAML = """
            auth: {jwt: {secret: '%s'}}
            addresses: [{match: orders, publish: anyone, keep: {events: 1000}}]
            """.formatted(Tokens.SECRET);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(home, YAML);
        Emitter.of(node.vertx(), "orders")
                .emit("paid", 1, EmitOptions.NONE.withId("o-1"))
                .await(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private int run(String role, String command) {
        out.reset();
        err.reset();
        String token = Tokens.hs256(Tokens.claims("vic", 60).put("roles", new JsonArray().add(role)));
        Map<String, String> env = Map.of("WEIR_URL", node.url(""), "WEIR_TOKEN", token);
        return new Cli(env, print(out), print(err)).run(command.split(" "));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    @Test
    void whatIsKnownIsATree() {
        assertThat(run("viewer", "trace o-1")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("(?m)^orders  paid  o-1  \\w+:1$")
                .containsPattern("durable  kept         orders: kept at \\w+:1")
                .contains("unknown: timings: not sampled");
        assertThat(run("viewer", "trace o-1 --by correlation --after 1h --json"))
                .isZero();
        assertThat(new JsonObject(out.toString(StandardCharsets.UTF_8)).getJsonArray("events"))
                .hasSize(1);
    }

    @Test
    void whatIsNotFoundFailsAndSaysWhy() {
        assertThat(run("viewer", "trace o-2")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("unknown: event: nothing that is kept has this id");
        assertThat(run("viewer", "trace o-1 --address other --json")).isEqualTo(ExitCode.FAILED);
        assertThat(run("customer", "trace o-1")).isEqualTo(ExitCode.REFUSED);
        assertThat(run("viewer", "trace")).isEqualTo(ExitCode.USAGE);
        assertThat(run("viewer", "trace o-1 --after soon")).isEqualTo(ExitCode.USAGE);
    }
}
