package dev.weir.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user writes wrong, and what Weir answers: line, message, mend. */
class BadConfigTest {
    @TempDir
    Path dir;

    static Stream<Arguments> table() {
        return Stream.of(
                // wrong types
                arguments(
                        "http:\n  port: eighty",
                        2,
                        "http.port is the text 'eighty', expected a whole number",
                        "digits"),
                arguments(
                        "http:\n  port: '8080'", 2, "http.port is the text '8080', expected a whole", "without quotes"),
                arguments("http:\n  port: 80.5", 2, "http.port is the number 80.5, expected a whole number", "digits"),
                arguments("http:\n  port: [80]", 2, "http.port is a list, expected a whole number", ""),
                arguments("http:\n  host: true", 2, "http.host is true, expected text", "quotes"),
                arguments("http: 8080", 1, "http is the number 8080, expected keys", "host:"),
                arguments("http:\n  origins: https://a.example", 2, "http.origins is the text", "[..]"),
                arguments("http:\n  host: ''", 2, "http.host is empty", "127.0.0.1"),
                arguments(
                        "http:\n  origins: [shop.example]",
                        2,
                        "has 'shop.example', which is no origin",
                        "https://shop"),
                arguments("http:\n  origins: [https://a.example/]", 2, "which is no origin", "nothing behind"),
                arguments("http:\n  origins: ['*', https://A.example]", 2, "which is no origin", "small letters"),
                arguments("http:\n  origins: [[a]]", 2, "http.origins is a list, expected text", ""),
                arguments("http:\n  origins: [a, ]\n  port: x", 3, "http.port is the text 'x'", ""),
                arguments("addresses: chat", 1, "addresses is the text 'chat', expected a list", "dash"),
                arguments("addresses:\n  - chat", 2, "addresses[0] is the text 'chat', expected keys", "- match:"),
                arguments("addresses:\n  -\n", 2, "addresses[0] is nothing, expected keys", "- match:"),
                arguments("verticles:\n  - {deploy: a.B, config: 5}", 2, "verticles[0].config is the number 5", "{}"),
                arguments("- http", 1, "the file holds a list, expected keys", ""),
                arguments("just words", 1, "the file holds the text 'just words', expected keys", ""),
                // who signs in to the console
                arguments(
                        "auth:\n  console:\n    users:\n      - {name: ann, password: hunter2}",
                        4,
                        "the password of 'ann' is no hash of a password",
                        "scripts/weir password"),
                arguments(
                        "auth: {console: {users: [{name: a b, password: x}]}}",
                        1,
                        "'a b' is no name",
                        "letters, digits"),
                arguments(
                        "auth: {console: {users: [{name: first-operator, password: x}]}}",
                        1,
                        "who comes by the link",
                        "another name"),
                arguments(
                        "auth: {console: {users: [{name: a, password: x}, {name: a, password: x}]}}",
                        1,
                        "has 'a' twice",
                        "remove one"),
                arguments(
                        "auth: {console: {users: [{name: a, password: x, role: boss}]}}",
                        1,
                        "auth.console.users[0].role",
                        "viewer"),
                arguments("auth: {console: {secret: short}}", 1, "auth.console.secret has 5 characters", "openssl"),
                arguments("auth: {console: {session: 1s}}", 1, "auth.console.session is 1s", "1m"),
                arguments(
                        "auth: {jwt: {issuer: weir-console, secret: 0123456789abcdef0123456789abcdef}}",
                        1,
                        "auth.jwt.issuer is weir-console",
                        "another name"),
                // unknown and missing keys
                arguments("http:\n  prot: 8080", 2, "unknown key http.prot", "did you mean port?"),
                arguments(
                        "http:\n  sessionQueue: 1MiB",
                        2,
                        "unknown key http.sessionQueue",
                        "did you mean session-queue?"),
                arguments("htpp:\n  port: 1", 1, "unknown key htpp", "did you mean http?"),
                arguments("session-queue: 1MiB", 1, "unknown key session-queue", "it belongs below http"),
                arguments(
                        "log: {colour-of-sky: blue}", 1, "unknown key log.colour-of-sky", "known here: format, level"),
                arguments("nonsense-key:", 1, "unknown key nonsense-key", "known here: http, "),
                arguments("addresses:\n  - publish: anyone", 2, "addresses[0].match is missing", "match: chat.{room}"),
                arguments(
                        "addresses:\n  - match: a\n    rate: {burst: 3}",
                        3,
                        "addresses[0].rate.client is missing",
                        "20/s"),
                arguments("verticles:\n  - instances: 2", 2, "verticles[0].deploy is missing", "add deploy"),
                arguments("http:\n  tls:\n    key: k.pem", 3, "http.tls.certificate is missing", ""),
                arguments("http: {tls: {}}", 1, "http.tls.key is missing", ""),
                // values
                arguments(
                        "http:\n  ping-timeout: 10",
                        2,
                        "http.ping-timeout: '10' is not a duration",
                        "write a number and ms, s"),
                arguments("http:\n  ping-timeout: 10 parsecs", 2, "'10 parsecs' is not a duration", "30s"),
                arguments("http:\n  ping-timeout: 1ms", 2, "http.ping-timeout is 1ms", "1s or more"),
                arguments("http:\n  ping-timeout: 999999999999d", 2, "too large", ""),
                arguments("http:\n  max-body: lots", 2, "http.max-body: 'lots' is not a size", "KiB"),
                arguments("http:\n  max-body: 999999999999GiB", 2, "too large", ""),
                arguments("http:\n  max-body: 5", 2, "http.max-body is 5B", "from 1KiB to 256MiB"),
                arguments("http: {port: 70000}", 1, "http.port is 70000", "from 0 to 65535"),
                arguments("http: {port: -1}", 1, "http.port is -1", "from 0 to 65535"),
                arguments("http: {port: 99999999999}", 1, "http.port is 99999999999, which is out of range", ""),
                arguments("http: {transport: epol}", 1, "http.transport is 'epol'", "did you mean epoll?"),
                arguments("http: {transport: IO_URING}", 1, "http.transport is 'IO_URING'", "io-uring"),
                arguments("addresses:\n  - match: a\n    rate: {client: fast}", 3, "'fast' is not a rate", "20/s"),
                arguments("addresses:\n  - match: a\n    rate: {client: 0/s}", 3, "'0/s' is not a rate", "20/s"),
                // sources
                arguments("sources: [timer]", 1, "sources[0] is the text 'timer', expected one kind", "- timer:"),
                arguments("sources:\n  - timer: {every: 1s}", 2, "sources[0].timer.to is missing", "to: timer"),
                arguments(
                        "sources:\n  - timer: {every: 1s}\n    to: a",
                        2,
                        "sources[0] is the keys timer, to",
                        "- timer:"),
                arguments("sources:\n  - host:\n", 2, "sources[0].host is nothing, expected options", "{to: ADDRESS}"),
                // no substitution
                arguments("http:\n  host: ${HOST}", 2, "http.host holds ${", "WEIR_HTTP_HOST or WEIR_HTTP_HOST_FILE"),
                arguments("http:\n  port: ${PORT}", 2, "http.port holds ${", "WEIR_HTTP_PORT"),
                arguments("http:\n  origins: ['${A}']", 2, "http.origins holds ${", "WEIR_HTTP_ORIGINS"),
                arguments(
                        "addresses:\n  - match: a\n    publish: [x, '${R}']",
                        3,
                        "addresses[0].publish holds ${",
                        "value itself"),
                arguments(
                        "sources:\n  - tail:\n      file: '${F}'\n      to: a", 3, "sources[0].tail.file holds ${", ""),
                // across keys
                arguments("auth:\n  jwt:\n    issuer: me", 3, "auth.jwt has none of secret, jwks, key", "exactly one"),
                arguments(
                        "auth:\n  jwt:\n    secret: short",
                        3,
                        "auth.jwt.secret has 5 characters, at least 32",
                        "openssl"),
                arguments(
                        "auth:\n  jwt: {secret: 01234567890123456789012345678901, jwks: 'http://a/b'}",
                        2,
                        "secret and jwks",
                        ""),
                arguments("auth:\n  jwt:\n    jwks: keys.json", 3, "keys.json does not exist", "correct the name"),
                arguments("auth:\n  jwt:\n    key: conf", 3, "conf is a folder, expected a file", "file in it"),
                arguments("addresses:\n  - match: a\n    schema: no.json", 3, "no.json does not exist", ""),
                arguments("addresses:\n  - match: a\n    schema:\n      t: no.json", 4, "no.json does not exist", ""),
                arguments("addresses:\n  - match: a\n    schema: 5", 3, "schema is 5, expected a file", ""),
                // YAML
                arguments("http:\n\tport: 1", 2, "not valid YAML", "never with tabs"),
                arguments("http:\n  port: 1\n host: a", 3, "not valid YAML", "indentation"),
                arguments("addresses:\n  - match: **", 2, "not valid YAML", "quotes"),
                arguments("addresses:\n  - {match: chat.{room}}", 2, "not valid YAML", "quotes"),
                arguments("http:\n  host: 'open", 2, "not valid YAML", ""),
                arguments(
                        "http:\n  port: 1\n  host: a\n  port: 2",
                        4,
                        "duplicate key 'port', first on line 2",
                        "keep one"),
                arguments("http:\n  host: !env HOST", 2, "the tag !env", "without a tag"),
                arguments("http: &h\n  tls: *h", 1, "deeper than 64 levels", "repeats what it stands in"),
                arguments("http:\n  x: " + "[".repeat(50_000), 2, "deeper than 64 levels", "brackets"),
                arguments("log: {level: info}\nx: " + "{a: ".repeat(70), 2, "deeper than 64", "brackets"),
                arguments("- ".repeat(20_000), 1, "deeper than 64", ""),
                arguments(bomb(), 1, "aliases make more than 100000 values", "without repeating"),
                arguments("log: {level: info}\nhttp:\n  host: \0\0\0", 3, "the character U+0000", "damaged"),
                arguments("? [a, b]\n: 1", 1, "a list or map used as a key", "quotes"),
                arguments("log: {level: info}\n---\nlog: {level: warn}", 3, "a second YAML document", "one document"),
                // nothing, or not everything
                arguments("", 1, "the file is empty", "write {}"),
                arguments(" \n\n", 1, "the file is empty", "begin with a key"),
                arguments("\uFEFF", 1, "the file holds no keys", "begin with a key"),
                arguments("# only\n# comments\n", 1, "the file holds no keys", "write {}"),
                arguments("---\n", 1, "the file holds no keys", "write {}"),
                arguments("~\n", 1, "the file holds no keys", "write {}"),
                arguments("log:\n  level: info\naddresses:\n", 3, "ends behind 'addresses:'", "write the value"),
                arguments("log:\n  level: info\naddresses:", 3, "ends behind 'addresses:'", "take the key out"),
                arguments(
                        "addresses:\n  - match: a\n    publish: \n\n", 3, "ends behind 'publish:'", "write the value"),
                arguments("addresses:\n  - match:", 2, "ends behind 'match:'", "write the value"),
                arguments("addresses:\n  - match: a\n    publ", 3, "not valid YAML", "indentation"),
                arguments("addresses:\n  - {match: a, publish: any", 2, "not valid YAML", ""),
                arguments("http:\n  origins: ['https://a", 2, "not valid YAML", ""));
    }

    /** Seven lines that stand for ten million values. */
    private static String bomb() {
        StringBuilder text = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
        for (int i = 1; i < 7; i++) {
            text.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(10) + "]\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("table")
    void saysLineMessageAndMend(String yaml, int line, String message, String mend) throws IOException {
        assertThat(problems(yaml)).anySatisfy(problem -> {
            assertThat(problem.message()).contains(message);
            assertThat(problem.mend()).contains(mend);
            assertThat(problem.at().line()).isEqualTo(line);
            assertThat(problem.at().file()).endsWith("weir.yaml");
        });
    }

    @Test
    void saysEverythingAtOnceInTheOrderOfTheFile() throws IOException {
        List<Problem> problems =
                problems("auth:\n  jwt: {secret: x}\nhttp:\n  prot: 1\n  port: a\nlog:\n  level: loud\n");
        assertThat(problems).extracting(p -> p.at().line()).containsExactly(2, 4, 5, 7);
    }

    @Test
    void neverRepeatsASecret() throws IOException {
        assertThat(problems("auth:\n  jwt:\n    secret: hunter2"))
                .noneMatch(p -> p.toString().contains("hunter2"));
        assertThat(problems("auth:\n  jwt:\n    secret: [hunter2]"))
                .noneMatch(p -> p.toString().contains("hunter2"));
        assertThat(problems("auth:\n  jwt:\n    secret: true"))
                .noneMatch(p -> p.toString().contains("is true"));
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        assertThat(load(dir.resolve("none.yaml")).problems()).singleElement().satisfies(p -> assertThat(p.message())
                .endsWith("none.yaml does not exist"));
        assertThat(load(dir).problems()).singleElement().satisfies(p -> assertThat(p.message())
                .contains("is a folder"));
        Path latin = Files.write(dir.resolve("latin.yaml"), "log: {}\nhttp: {host: caf\u00e9}\n".getBytes(ISO_8859_1));
        assertThat(load(latin).problems()).singleElement().satisfies(p -> {
            assertThat(p.message()).contains("not UTF-8 text, from line 2 on");
            assertThat(p.at()).isEqualTo(new Location(latin.toString(), 2));
            assertThat(p.mend()).contains("save it as UTF-8");
        });
        Path wide = Files.write(dir.resolve("wide.yaml"), "http: {}\n".getBytes(StandardCharsets.UTF_16));
        assertThat(load(wide).problems()).singleElement().satisfies(p -> assertThat(p.mend())
                .contains("UTF-8"));
        Path large = Files.write(dir.resolve("large.yaml"), new byte[3 << 20]);
        assertThat(load(large).problems()).singleElement().satisfies(p -> assertThat(p.message())
                .contains("more than 2MiB"));
        assertThat(load(Path.of("/dev/null")).problems()).singleElement().satisfies(p -> assertThat(p.message())
                .contains("empty"));
    }

    private List<Problem> problems(String yaml) throws IOException {
        Path conf = Files.createDirectories(dir.resolve("conf")).resolve("weir.yaml");
        Files.writeString(conf, yaml);
        return load(conf).problems();
    }

    private static ConfigException load(Path file) {
        return catchThrowableOfType(ConfigException.class, () -> Config.load(file, Map.of()));
    }
}
