package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.config.Config;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Problems;
import dev.weir.time.Clock;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The permission grammar as a table, and which policy decides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoliciesTest {
    @TempDir
    private static Path home;

    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    void listen() {
        vertx.eventBus()
                .<JsonObject>consumer(
                        "gatekeeper",
                        message -> message.reply(new JsonObject()
                                .put(
                                        "allow",
                                        "sub".equals(message.body().getString("sub"))
                                                || message.body()
                                                        .getString("address")
                                                        .endsWith("open"))));
        vertx.eventBus().consumer("confused", message -> message.reply(new JsonObject().put("allow", "yes")));
    }

    @AfterAll
    void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            anyone                        | -        | a.x     | yes
            nobody                        | sub:admin| a.x     | no
            signed-in                     | -        | a.x     | no
            signed-in                     | sub      | a.x     | yes
            signed-in                     | expired  | a.x     | no
            role:admin                    | sub      | a.x     | no
            role:admin                    | sub:admin| a.x     | yes
            role:admin                    | expired:admin | a.x | no
            self:v                        | sub      | a.sub   | yes
            self:v                        | sub      | a.other | no
            self:v                        | -        | a.null  | no
            claim:rooms                   | sub      | a.one   | yes
            claim:rooms                   | sub      | a.two   | no
            claim:wide                    | sub      | a.any   | yes
            claim:missing                 | sub      | a.x     | no
            ask:gatekeeper                | sub      | a.x     | yes
            ask:gatekeeper                | other    | a.x     | no
            ask:gatekeeper                | -        | a.open  | yes
            ask:confused                  | sub      | a.x     | no
            ask:nobody.there              | sub      | a.x     | no
            '[role:admin, self:v]'        | sub      | a.sub   | yes
            '[role:admin, self:v]'        | sub      | a.x     | no
            '[role:admin, ask:gatekeeper]'| other    | a.open  | yes
            '[]'                          | sub:admin| a.x     | no
            '{ping: anyone}'              | -        | a.x     | yes
            '{pong: anyone}'              | -        | a.x     | no
            '{pong: anyone, "*": role:admin}' | sub:admin | a.x | yes
            """)
    void permissions(String permission, String who, String address, String answer) throws Exception {
        Policies policies = compile("addresses: [{match: 'a.{v}', publish: " + permission + "}]");
        Authorizer authorizer = new Authorizer(vertx, Clock.system(), new AtomicReference<>(policies));
        Policy policy = authorizer.policyOf(address);
        var decision = authorizer
                .check(policy, principal(who), Permission.Action.PUBLISH, address, "ping")
                .map(allowed -> "yes")
                .otherwise(refused -> "no")
                .await(30, TimeUnit.SECONDS);
        assertThat(decision).isEqualTo(answer);
    }

    private static Principal principal(String spec) {
        if (spec.equals("-")) {
            return Principal.ANONYMOUS;
        }
        String[] parts = spec.split(":");
        JsonObject claims = new JsonObject()
                .put("rooms", new JsonArray().add("a.one").add("b.*"))
                .put("wide", "a.**");
        boolean expired = parts[0].equals("expired");
        return new Principal(
                expired ? "sub" : parts[0],
                Set.copyOf(Arrays.asList(parts).subList(1, parts.length)),
                claims,
                expired ? 1 : Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "chat.lobby, chat.lobby",
        "chat.other, chat.{room}",
        "chat.a.b, chat.**",
        "chat, **",
        "x.y, **",
        "v.1, v.{n}",
        "v.b, v.{n}",
        "w.b, {any}.b"
    })
    void theMostSpecificMatchDecides(String address, String match) throws IOException {
        Policies policies = compile("""
                addresses:
                  - match: "**"
                  - match: "chat.**"
                  - match: chat.{room}
                  - match: chat.lobby
                  - match: "{any}.b"
                  - match: v.{n}
                """);
        assertThat(policies.of(address).orElseThrow().match()).hasToString(match);
    }

    @Test
    void undeclaredAddressesAreClosedAndSystemAddressesAreForOperators() throws IOException {
        Policies policies = compile("addresses: [{match: a, subscribe: anyone}]");
        assertThat(policies.of("b")).isEmpty();
        Policy system = policies.of(Addresses.SESSIONS).orElseThrow();
        assertThat(system.publish()).isEqualTo(Permission.NOBODY);
        assertThat(system.subscribe())
                .isEqualTo(
                        new Permission.AnyOf(List.of(new Permission.Role("operator"), new Permission.Role("viewer"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            - {match: a, publish: everyone}                        | 2 | 'everyone' is not a permission
            - {match: a, publish: 'role:'}                         | 2 | is not a permission
            - {match: 'a.{x}', publish: 'self:y'}                  | 2 | names no variable
            - {match: 'a..b'}                                      | 2 | is not a match
            - {match: 'a.**.b'}                                    | 2 | is not a match
            - {match: '{x}.{x}'}                                   | 2 | uses a variable twice
            - {match: '__weir.x'}                                  | 2 | names internal addresses
            - {match: weir.audit, publish: anyone}                 | 2 | only Weir publishes
            - {match: a, publish: anyone, request: anyone}         | 2 | both request and publish
            - {match: a, keep: yes please}                         | 2 | expected a map with events or age
            - {match: a, keep: {hold: 1d}}                         | 2 | events or age is needed
            - {match: a, keep: {event: 5}}                         | 2 | known are events, age and hold
            - {match: a, keep: {events: 0}}                        | 2 | a whole number from 1
            - {match: a, keep: {age: soon}}                        | 2 | is not a duration
            - {match: a, keep: {events: 5, hold: long}}            | 2 | keep.hold
            - {match: a, keep: {events: 5, hold: 5XB}}             | 2 | is not a size
            - {match: a, keep: {events: 5, hold: [1d, 2d]}}        | 2 | takes a duration, a size, or one of each
            - {match: a, keep: {events: 5}, slow: conflate}        | 2 | always disconnected
            - {match: a, keep: {events: 5}, request: anyone}       | 2 | requests to 'a' are not kept
            - {match: a, history: anyone}                          | 2 | nothing is kept of 'a'
            - {match: a, respond: anyone}                          | 2 | nobody may send requests
            - {match: a, schema: no/such.json}                     | 2 | cannot read no/such.json
            """)
    void aBadPolicyIsAProblemWithItsLine(String policy, int line, String message) {
        assertThatThrownBy(() -> compile("addresses:\n  " + policy.trim() + "\n"))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.problems()).anySatisfy(problem -> {
                            assertThat(problem.at().line()).isEqualTo(line);
                            assertThat(problem.message()).contains(message.trim());
                        }));
    }

    @Test
    void tiesAreProblemsThatNameBothPlaces() {
        assertThatThrownBy(() -> compile("addresses:\n  - match: a.{x}\n  - match: a.{y}\n"))
                .hasMessageContaining("weir.yaml:3")
                .hasMessageContaining("weir.yaml:2");
    }

    @Test
    void theDigestNamesTheContentNotItsPlace() throws IOException {
        Policies one = compile("addresses:\n  - {match: a, publish: anyone}\n  - {match: b}\n");
        Policies same = compile("\n\naddresses:\n  - {match: b}\n  - {match: a, publish: anyone}\n");
        Policies other = compile("addresses:\n  - {match: a, publish: signed-in}\n  - {match: b}\n");
        assertThat(one.digest()).isEqualTo(same.digest()).isNotEqualTo(other.digest());
    }

    private static Policies compile(String yaml) throws IOException {
        Path file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
        Files.writeString(file, yaml);
        List<Policies> compiled = new java.util.ArrayList<>();
        Config.load(
                file,
                Map.of(),
                (LoadedConfig loaded, Problems problems) ->
                        compiled.add(new PolicyCompiler(loaded.home(), problems).compile(loaded.config())));
        return compiled.get(0);
    }
}
