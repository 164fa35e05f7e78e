package dev.weir.cli;

import dev.weir.bus.Addresses;
import dev.weir.bus.Permission;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.PolicyCompiler;
import dev.weir.bus.Principal;
import dev.weir.config.AuthConfig.JwtConfig;
import dev.weir.config.Config;
import dev.weir.config.ConfigException;
import dev.weir.config.JournalConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Origins;
import dev.weir.config.Problem;
import dev.weir.flow.Flows;
import dev.weir.node.NodeSettings;
import dev.weir.time.Durations;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Commands about the configuration; none of them starts or asks a node. */
final class ConfigCommands {
    private static final String CONF = "conf";
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    ConfigCommands(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    private record Read(LoadedConfig loaded, Policies policies) {}

    private Read read(Arguments arguments) {
        List<Policies> compiled = new ArrayList<>(1);
        Path file = Config.find(arguments.option(CONF).orElse(null), env);
        LoadedConfig loaded = Config.load(
                file,
                env,
                (values, problems) ->
                        compiled.add(new PolicyCompiler(values.home(), problems).compile(values.config())));
        return new Read(loaded, compiled.get(0));
    }

    int check(List<String> given) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(given);
        boolean clustered = rest.remove("--cluster");
        Arguments arguments = new Arguments(rest, Set.of(CONF, "url", "token"));
        arguments.noWords();
        NodeSettings settings =
                NodeSettings.read(Config.find(arguments.option(CONF).orElse(null), env), env);
        LoadedConfig loaded = settings.loaded();
        Flows flows = settings.flows();
        // That engine is for clusters only.
        boolean shared = clustered || loaded.config().journal().engine() == JournalConfig.Engine.HAZELCAST;
        List<Problem> problems = settings.problems(shared);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        out.println(loaded.file() + ": good, " + loaded.config().addresses().size() + " policies"
                + (flows.isEmpty() ? "" : ", " + flows.names().size() + " flows"));
        flows.notes().forEach(out::println);
        MemoryCheck memory = new MemoryCheck(settings, out);
        if (arguments.option("url").isPresent()) {
            return memory.beside(new Http(arguments, env), new Said(out, err));
        }
        memory.ofFolder(shared);
        return ExitCode.OK;
    }

    int config(List<String> given) {
        Arguments arguments = new Arguments(given, Set.of(CONF));
        arguments.noWords();
        for (Origins.Entry entry : read(arguments).loaded().origins().entries()) {
            out.println(entry.key() + ": " + entry.value() + "    # " + entry.at());
        }
        return ExitCode.OK;
    }

    int explain(List<String> given) {
        Arguments arguments = new Arguments(given, Set.of(CONF, "as", "role"));
        String address = arguments.word("an address");
        Read read = read(arguments);
        Principal who = arguments
                .option("as")
                .map(sub -> Principal.of(sub, arguments.all("role")))
                .orElse(Principal.ANONYMOUS);
        Optional<Policy> policy = Addresses.isPattern(address)
                ? read.policies().ofPattern(address)
                : read.policies().of(address);
        if (policy.isEmpty() || Addresses.isInternal(address)) {
            out.println(address + ": no policy declares it, so it is closed to everybody");
            return ExitCode.REFUSED;
        }
        explain(policy.get(), who, address);
        return ExitCode.OK;
    }

    private void explain(Policy policy, Principal who, String address) {
        String name = who.sub() == null ? "a client without a token" : who.sub() + " " + who.roles();
        out.println(address + " for " + name + ": policy " + policy.match() + " at " + policy.at());
        List<Action> actions = policy.isForRequests()
                ? List.of(Action.REQUEST, Action.RESPOND)
                : List.of(Action.PUBLISH, Action.SUBSCRIBE, Action.HISTORY, Action.PRESENCE);
        for (Action action : actions) {
            Permission.Verdict verdict = policy.permission(action)
                    .evaluate(new Permission.Access(
                            who,
                            who.sub() != null,
                            action,
                            address,
                            "message",
                            policy.match().bind(address)));
            String answer = verdict.allowed()
                    ? "yes"
                    : verdict.ask().isEmpty() ? "no" : "if " + String.join(" or ", verdict.ask()) + " says so";
            out.println("  " + action.name().toLowerCase(Locale.ROOT) + ": " + answer);
        }
    }

    int token(List<String> given) {
        Arguments arguments = new Arguments(given, Set.of(CONF, "sub", "role", "for"));
        arguments.noWords();
        String sub = arguments.option("sub").orElseThrow(() -> new UsageException("--sub NAME is needed"));
        if (sub.isBlank()) {
            throw new UsageException("--sub is empty; say whose token it is, as in --sub ann");
        }
        Duration valid = arguments.option("for").map(ConfigCommands::duration).orElse(Duration.ofHours(1));
        JwtConfig jwt = read(arguments).loaded().config().auth().jwt();
        String secret = jwt == null ? null : jwt.secret();
        if (jwt == null || secret == null) {
            throw new UsageException("tokens are signed with auth.jwt.secret, which is not configured");
        }
        out.println(sign(jwt, secret, sub, arguments.all("role"), valid));
        return ExitCode.OK;
    }

    private static Duration duration(String text) {
        Duration valid;
        try {
            valid = Durations.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("--for: " + wrong.getMessage());
        }
        // The signer leaves out the end of a token that has none within an int of seconds, and nobody would take it.
        if (valid.compareTo(Duration.ofSeconds(1)) < 0 || valid.compareTo(LONGEST) > 0) {
            throw new UsageException("--for is " + text + "; write a value from 1s to " + LONGEST.toDays() + "d");
        }
        return valid;
    }

    private static String sign(JwtConfig jwt, String secret, String sub, List<String> roles, Duration valid) {
        Vertx vertx = Vertx.vertx();
        JWTAuth signer = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addPubSecKey(
                                new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(secret)));
        JsonObject claims = new JsonObject().put("sub", sub);
        nested(claims, jwt.roles()).put(last(jwt.roles()), new JsonArray(roles));
        JWTOptions options = new JWTOptions().setAlgorithm("HS256").setExpiresInSeconds((int) valid.toSeconds());
        if (jwt.issuer() != null) {
            options.setIssuer(jwt.issuer());
        }
        if (jwt.audience() != null) {
            options.addAudience(jwt.audience());
        }
        String token = signer.generateToken(claims, options);
        vertx.close().onFailure(Throwable::printStackTrace);
        return token;
    }

    private static JsonObject nested(JsonObject claims, String path) {
        JsonObject at = claims;
        String[] parts = path.split("\\.", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            JsonObject next = new JsonObject();
            at.put(parts[i], next);
            at = next;
        }
        return at;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
