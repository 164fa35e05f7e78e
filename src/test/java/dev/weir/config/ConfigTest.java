package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a right configuration becomes. */
class ConfigTest {
    @TempDir
    Path home;

    private Path file;
    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void folder() throws IOException {
        file = Files.createDirectories(home.resolve("conf")).resolve("weir.yaml");
    }

    private LoadedConfig load(String yaml) throws IOException {
        Files.writeString(file, yaml);
        return Config.load(file, env);
    }

    private List<Problem> problems(String yaml) throws IOException {
        Files.writeString(file, yaml);
        return catchThrowableOfType(ConfigException.class, () -> Config.load(file, env))
                .problems();
    }

    @Test
    void whatIsNotWrittenTakesItsDefault() throws IOException {
        for (String yaml : List.of("{}", "http:\naddresses:\n# none\n", "---\nhttp:\n#\n", "\uFEFFhttp: {}\n")) {
            WeirConfig config = load(yaml).config();
            assertThat(config.http().port()).isEqualTo(8080);
            assertThat(config.http().sessionQueue()).isEqualTo(new ByteSize(1 << 20));
            assertThat(config.http().pingTimeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(config.http().transport()).isEqualTo(HttpConfig.Transport.AUTO);
            assertThat(config.http().tls()).isNull();
            assertThat(config.cluster().join()).containsExactly("127.0.0.1");
            assertThat(config.auth().jwt()).isNull();
            assertThat(config.addresses()).isEmpty();
        }
    }

    @Test
    void everyShapeOfValueIsRead() {
        WeirConfig config = Config.load(EveryKeyTest.FILE, Map.of()).config();
        AddressConfig chat = config.addresses().get(0);
        assertThat(chat.slow()).isEqualTo(AddressConfig.Slow.DROP_OLDEST);
        assertThat(chat.rate()).isEqualTo(new AddressConfig.RateConfig(new Rate(10), 40));
        assertThat(chat.at().line()).isEqualTo(60);
        assertThat(chat.request()).isNull();
        assertThat(chat.publish().at().line()).isEqualTo(61);
        assertThat((List<?>) chat.publish().value()).extracting("value").isEqualTo(List.of("signed-in", "role:host"));
        Map<String, Object> settings = config.verticles().get(0).config();
        assertThat(settings)
                .containsEntry("currency", "EUR")
                .containsEntry("limits", List.of(1L, 2.5))
                .containsEntry("strict", true)
                .containsEntry("nested", Map.of("a", "b"));
        SourceConfig timer = config.sources().get(0);
        assertThat(timer.kind()).isEqualTo("timer");
        assertThat(timer.to()).isEqualTo("ticks");
        assertThat(timer.at().line()).isEqualTo(94);
        assertThat(((Map<?, ?>) timer.options().value()).keySet().toString()).isEqualTo("[every, data]");
    }

    @Test
    void aliasesAndMergeKeysRepeatAPolicy() throws IOException {
        WeirConfig config = load("""
                        addresses:
                          - &open {match: a, publish: anyone, max-size: 1KiB}
                          - {<<: *open, match: b}
                        """).config();
        assertThat(config.addresses()).extracting(AddressConfig::match).containsExactly("a", "b");
        assertThat(config.addresses().get(1).maxSize()).isEqualTo(new ByteSize(1024));
    }

    @Test
    void numbersAreFineWhereTextIsWanted() throws IOException {
        assertThat(load("addresses: [{match: 5}]").config().addresses().get(0).match())
                .isEqualTo("5");
    }

    @Test
    void keysOfOneChoiceAreReadToo() throws IOException {
        Files.writeString(home.resolve("key.pem"), "pem");
        AuthConfig.JwtConfig key =
                load("auth: {jwt: {key: key.pem}}").config().auth().jwt();
        assertThat(key.key()).isEqualTo("key.pem");
        AuthConfig.JwtConfig jwks = load("auth: {jwt: {jwks: 'https://id.example/keys'}}")
                .config()
                .auth()
                .jwt();
        assertThat(jwks.jwks()).isEqualTo("https://id.example/keys");
    }

    @Test
    void variablesWinOverTheFile() throws IOException {
        env.put("WEIR_HTTP_PORT", "9191");
        env.put("WEIR_HTTP_SESSION_QUEUE", "2MiB");
        env.put("WEIR_HTTP_ORIGINS", "https://a.example, https://b.example");
        env.put("WEIR_LOG_FORMAT", "json");
        env.put("PATH", "/bin");
        env.put("WEIR_URL", "http://elsewhere");
        LoadedConfig loaded = load("http: {port: 1, host: 127.0.0.3}");
        assertThat(loaded.config().http().port()).isEqualTo(9191);
        assertThat(loaded.config().http().host()).isEqualTo("127.0.0.3");
        assertThat(loaded.config().http().sessionQueue()).isEqualTo(new ByteSize(2 << 20));
        assertThat(loaded.config().http().origins()).containsExactly("https://a.example", "https://b.example");
        assertThat(loaded.config().log().format()).isEqualTo(LogConfig.Format.JSON);
        assertThat(loaded.origins().at("http.port")).hasToString("WEIR_HTTP_PORT");
        assertThat(loaded.origins().at("http.host")).hasToString(file + ":1");
        assertThat(loaded.origins().at("http.loops")).isEqualTo(Location.NONE);
    }

    @Test
    void variablesMakeASectionThatTheFileLeavesOut() throws IOException {
        Files.writeString(home.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        env.put("WEIR_AUTH_JWT_SECRET_FILE", "secret");
        AuthConfig.JwtConfig jwt = load("{}").config().auth().jwt();
        assertThat(jwt.secret()).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(jwt.roles()).isEqualTo("roles");
    }

    @Test
    void badVariablesAreProblemsThatNameThem() throws IOException {
        Files.writeString(home.resolve("port"), "1");
        env.put("WEIR_HTTP_PORT", "http");
        env.put("WEIR_HTTP_PORT_FILE", "port");
        env.put("WEIR_HTTP_PRT", "1");
        env.put("WEIR_HTTP_LOOPS_FILE", "no-such-file");
        env.put("WEIR_HTTP_MAX_BODY", "${BODY}");
        env.put("WEIR_CLUSTER_HSOT", "a");
        assertThat(problems("http: {}").stream().map(Problem::toString))
                .containsExactlyInAnyOrder(
                        "WEIR_CLUSTER_HSOT: there is no key for this variable\n    did you mean WEIR_CLUSTER_HOST?",
                        "WEIR_HTTP_LOOPS_FILE: " + home.resolve("no-such-file")
                                + " does not exist\n    write it, or correct the name",
                        "WEIR_HTTP_MAX_BODY: http.max-body: '${BODY}' is not a size\n    write a number and B, KiB, MiB or GiB",
                        "WEIR_HTTP_PORT: http.port is the text 'http', expected a whole number\n    write digits only",
                        "WEIR_HTTP_PORT_FILE: http.port is set twice, by WEIR_HTTP_PORT and WEIR_HTTP_PORT_FILE\n"
                                + "    unset one of the two variables",
                        "WEIR_HTTP_PRT: there is no key for this variable\n    did you mean WEIR_HTTP_PORT?");
    }

    @Test
    void relativePathsResolveAgainstTheFolderThatHoldsConf() throws IOException {
        assertThat(load("{}").home()).isEqualTo(home);
        assertThat(load("{}").resolve("webroot")).isEqualTo(home.resolve("webroot"));
        assertThat(load("{}").resolve("/etc/x")).isEqualTo(Path.of("/etc/x"));
        assertThat(Config.homeOf(home.resolve("weir.yaml"), env)).isEqualTo(home);
        assertThat(Config.homeOf(Path.of("conf/weir.yaml"), env))
                .isEqualTo(Path.of("").toAbsolutePath());
        env.put("WEIR_HOME", home.resolve("other").toString());
        assertThat(Config.homeOf(file, env)).isEqualTo(home.resolve("other"));
    }

    @Test
    void theFileIsFoundByOptionVariableAndHome() {
        assertThat(Config.find("my.yaml", Map.of("WEIR_CONF", "x"))).isEqualTo(Path.of("my.yaml"));
        assertThat(Config.find(null, Map.of("WEIR_CONF", "x", "WEIR_HOME", "/srv")))
                .isEqualTo(Path.of("x"));
        assertThat(Config.find(null, Map.of("WEIR_HOME", "/srv"))).isEqualTo(Path.of("/srv/conf/weir.yaml"));
        assertThat(Config.find(null, Map.of())).isEqualTo(Path.of("conf/weir.yaml"));
    }

    @Test
    void originsHoldEveryKeyAndMaskSecrets() throws IOException {
        env.put("WEIR_AUTH_JWT_SECRET", "0123456789abcdef0123456789abcdef");
        Origins origins = load("""
                        addresses:
                          - match: a
                            publish: [anyone]
                        sources:
                          - poll: {url: "https://joe:pw@a.example", api-token: t0p, to: b}
                        """).origins();
        assertThat(origins.entries())
                .contains(
                        new Origins.Entry("http.host", "127.0.0.1", Location.NONE),
                        new Origins.Entry("http.tls", "(none)", Location.NONE),
                        new Origins.Entry("auth.jwt.secret", "********", new Location("WEIR_AUTH_JWT_SECRET", 0)),
                        new Origins.Entry("addresses[0].publish", "[anyone]", new Location(file.toString(), 3)),
                        new Origins.Entry("addresses[0].slow", "disconnect", Location.NONE),
                        new Origins.Entry(
                                "sources[0].poll.url",
                                "https://joe:********@a.example",
                                new Location(file.toString(), 5)),
                        new Origins.Entry("verticles", "[]", Location.NONE));
        assertThat(origins.toString()).doesNotContain("t0p", "0123456789abcdef");
    }

    @Test
    void furtherChecksReportTogetherWithTheRest() throws IOException {
        Files.writeString(file, "http: {prot: 1}");
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> Config.load(
                        file, env, (loaded, problems) -> problems.add(Location.NONE, "two policies tie", "drop one")));
        assertThat(e.problems())
                .extracting(Problem::message)
                .containsExactly("unknown key http.prot", "two policies tie");
    }
}
