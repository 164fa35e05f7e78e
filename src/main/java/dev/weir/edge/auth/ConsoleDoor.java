package dev.weir.edge.auth;

import dev.weir.bus.ClusterQuery;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Ids;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.config.AuthConfig.ConsoleConfig;
import dev.weir.config.PasswordHash;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Lets people in to the console by name and password or by a code that is good once, and knows the tokens it gave them. A token says
 * who somebody is; what that somebody may is what the configuration in force says. One per node, thread-safe.
 */
public final class ConsoleDoor {
    private static final int MOST_WAITING = 50;
    private static final long WAIT_MILLIS = 5_000;
    private static final int TOLD_AT_ONCE = 30;
    private static final String KEY_ID = "kid";
    private static final String TOKEN_ID = "jti";
    private static final String SESSION = "session";
    private static final String UNTIL = "until";
    private static final String CODE = "code";

    private static final Future<List<JsonObject>> NOBODY = Future.succeededFuture(List.of());

    /** What somebody did who gave a token back, as it is recorded. */
    public static final String SIGNED_OUT = "console.signed-out";

    /**
     * Somebody who signed in.
     *
     * @param token to show from now on
     * @param expiresMillis wall-clock time at which it ends
     */
    public record Admitted(String token, Principal who, long expiresMillis) {}

    /** @param first null where the configuration names an operator, or who says who is one */
    private record InForce(
            Map<String, ConsoleUser> users, @Nullable ConsoleUser first, Duration session) {
        @Nullable
        ConsoleUser find(String subject) {
            if (!subject.startsWith(Principal.CONSOLE_PREFIX)) {
                return null;
            }
            String name = subject.substring(Principal.CONSOLE_PREFIX.length());
            return first != null && first.name().equals(name) ? first : users.get(name);
        }
    }

    private final Clock clock;
    private final Ids ids = new Ids();
    private final SignInLimits limits;
    private final OneTimeCode code;
    private final WorkerExecutor hashing;
    private final Attempts told;
    private final LongAdder untold = new LongAdder();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicReference<InForce> inForce =
            new AtomicReference<>(new InForce(Map.of(), null, Duration.ofHours(12)));
    private final EndedTokens ended;
    private final AtomicReference<ClusterQuery> nodes = new AtomicReference<>((question, parameters) -> NOBODY);

    /** Nobody is let in until {@link #use} says who. */
    public ConsoleDoor(Vertx vertx, Clock clock) {
        this.clock = clock;
        this.limits = new SignInLimits(clock);
        this.code = new OneTimeCode(clock);
        this.told = new Attempts(clock, TOLD_AT_ONCE, Duration.ofMinutes(1));
        this.hashing = vertx.createSharedWorkerExecutor("weir-passwords", 1);
        this.ended = new EndedTokens(vertx, clock);
    }

    /**
     * Takes part in what the nodes of a cluster know together: tokens that were given back, and codes. To be called once.
     *
     * @return completes when what was told before is known, as far as the others answer
     */
    public Future<Void> follow(LocalAnswers answers, ClusterQuery cluster, Timers timers) {
        nodes.set(cluster);
        answers.answer(
                LocalAnswers.CONSOLE_CODE, asked -> new JsonObject().put("used", code.use(asked.getString(CODE, ""))));
        return ended.follow(answers, cluster, timers);
    }

    /**
     * Who may sign in from now on.
     *
     * @param firstKey signs the tokens of the first operator, who comes by a link; null where there is an operator already
     */
    public void use(ConsoleConfig config, byte @Nullable [] firstKey) {
        Map<String, ConsoleUser> users = new HashMap<>();
        config.users().forEach(user -> users.put(user.name(), ConsoleUser.of(user, config.secret())));
        ConsoleUser first = firstKey == null ? null : ConsoleUser.first(firstKey);
        if (first == null) {
            code.withdraw();
        }
        inForce.set(new InForce(Map.copyOf(users), first, config.session()));
    }

    /** A new code for the first operator, good once for a quarter of an hour; none where there is an operator already. */
    public Optional<String> offer() {
        return current().first() == null ? Optional.empty() : Optional.of(code.offer());
    }

    /** Whether anybody could sign in with a name and a password. */
    public boolean hasUsers() {
        return !current().users().isEmpty();
    }

    /** Whether anybody could sign in with a code. */
    public boolean takesCodes() {
        return current().first() != null;
    }

    /** Whether there is such a user. */
    public boolean knows(String name) {
        return current().users().containsKey(name);
    }

    /**
     * Lets a user in. That a name is unknown is found out as slowly as that a password is wrong.
     *
     * @param client the network address it is tried from
     * @return fails with a {@link Refusal} that does not say which of both is wrong
     */
    public Future<Admitted> signIn(String name, String password, String client) {
        try {
            limits.tried(client, name);
        } catch (Refusal tooOften) {
            return Future.failedFuture(tooOften);
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(new Refusal(FailureCode.BUSY, "too many sign in at once", WAIT_MILLIS));
        }
        InForce now = current();
        ConsoleUser user = now.users().get(name);
        PasswordHash hash = user == null ? hashOfNobody(now, name) : Objects.requireNonNull(user.password());
        return hashing.executeBlocking(() -> hash.matches(password), false)
                .onComplete(done -> waiting.decrementAndGet())
                .map(matches -> {
                    if (user == null || !matches) {
                        throw new Refusal(FailureCode.NOT_LOGGED_IN, "the name or the password is wrong");
                    }
                    limits.succeeded(client, name);
                    return admit(user, now.session());
                });
    }

    /** As slow as the hash of some user, always the same one for a name. */
    private static PasswordHash hashOfNobody(InForce now, String name) {
        List<Integer> costs = new ArrayList<>();
        for (ConsoleUser user : now.users().values()) {
            costs.add(
                    user.password() == null
                            ? PasswordHash.ITERATIONS
                            : user.password().iterations());
        }
        costs.sort(null);
        int cost = costs.isEmpty() ? PasswordHash.ITERATIONS : costs.get(Math.floorMod(name.hashCode(), costs.size()));
        return PasswordHash.ofNobody(cost);
    }

    /**
     * Lets the first operator in, by the code of any node.
     *
     * @param client the network address it is tried from; no address is better than another
     * @return fails with a {@link Refusal} when it is no code, was used, or is too old
     */
    public Future<Admitted> redeem(String given, String client) {
        try {
            limits.tried(client);
        } catch (Refusal tooOften) {
            return Future.failedFuture(tooOften);
        }
        return use(given).map(isGood -> {
            InForce now = current();
            ConsoleUser first = now.first();
            if (first == null || !isGood) {
                throw new Refusal(
                        FailureCode.NOT_LOGGED_IN,
                        "the link was used before, or is older than 15 minutes; kill -HUP, or a restart of a node, prints a"
                                + " new one while nobody else is an operator");
            }
            limits.succeeded(client);
            return admit(first, now.session());
        });
    }

    /** One that is not this node's own may be another's. */
    private Future<Boolean> use(String given) {
        if (current().first() == null || code.use(given)) {
            return Future.succeededFuture(true);
        }
        return Objects.requireNonNull(nodes.get(), "never without")
                .ask(LocalAnswers.CONSOLE_CODE, new JsonObject().put(CODE, given))
                .map(answers -> answers.stream().anyMatch(each -> each.getBoolean("used", false)));
    }

    private Admitted admit(ConsoleUser user, Duration session) {
        long nowSeconds = clock.millis() / 1000;
        long expires = nowSeconds + session.toSeconds();
        JsonObject claims = new JsonObject()
                .put("iss", ConsoleConfig.ISSUER)
                .put("sub", user.subject())
                .put(TOKEN_ID, ids.next())
                .put("iat", nowSeconds)
                .put("exp", expires);
        return new Admitted(ConsoleTokens.sign(user.key(), claims), principal(user, claims), expires * 1000);
    }

    private static Principal principal(ConsoleUser user, JsonObject claims) {
        return new Principal(
                user.subject(),
                Set.of(user.role()),
                claims.copy().put(KEY_ID, user.keyId()),
                claims.getLong("exp") * 1000);
    }

    /** Whether a token says of itself that the console gave it out. */
    public static boolean gave(String token) {
        return ConsoleTokens.isOne(token);
    }

    /**
     * Who shows a token of the console.
     *
     * @throws Refusal when it is none, has expired, was given back, or its user is not in force
     */
    public Principal authenticate(String token) {
        JsonObject claims = ConsoleTokens.claims(token);
        ConsoleUser user =
                claims.getValue("sub") instanceof String subject ? current().find(subject) : null;
        if (user == null) {
            throw refused("the token's user is no user of the console; sign in again");
        }
        ConsoleTokens.verify(token, user.key());
        if (claims.getLong("exp") * 1000 <= clock.millis()) {
            throw refused("the token has expired");
        }
        if (ended.has(claims.getString(TOKEN_ID))) {
            throw refused("the token was given back; sign in again");
        }
        return principal(user, claims);
    }

    private static Refusal refused(String message) {
        return new Refusal(FailureCode.NOT_LOGGED_IN, message);
    }

    /** Whether somebody who was known before is still the same and may the same. */
    public boolean stands(Principal who) {
        if (!isOfConsole(who)) {
            return true;
        }
        ConsoleUser user = current().find(String.valueOf(who.sub()));
        return user != null
                && who.roles().contains(user.role())
                && user.keyId().equals(who.claims().getString(KEY_ID))
                && !ended.has(who.claims().getString(TOKEN_ID));
    }

    /** Whether the console let somebody in. */
    public static boolean isOfConsole(Principal who) {
        return ConsoleConfig.ISSUER.equals(who.claims().getValue("iss"));
    }

    /**
     * Ends the token of somebody, on all nodes.
     *
     * @return what is to be recorded as {@link #SIGNED_OUT}, so that {@link #signedOut} knows it after a restart; opens nothing
     */
    public JsonObject signOut(Principal who) {
        if (!isOfConsole(who)) {
            return new JsonObject();
        }
        String id = who.claims().getString(TOKEN_ID);
        ended.end(id, who.expiresAtMillis());
        return new JsonObject().put(SESSION, id).put(UNTIL, who.expiresAtMillis());
    }

    /** Knows again what was recorded of somebody who signed out. */
    public void signedOut(JsonObject recorded) {
        if (recorded.getValue(SESSION) instanceof String id && recorded.getValue(UNTIL) instanceof Number until) {
            ended.remember(id, until.longValue());
        }
    }

    /**
     * Whether a refusal should be told: not more than one a minute in the long run, so that nobody who only knocks fills the record
     * of those who act.
     *
     * @return how many were not told since the last that was; -1 when this one is not either
     */
    public long mayTell() {
        if (told.take("") == 0) {
            return untold.sumThenReset();
        }
        untold.increment();
        return -1;
    }

    private InForce current() {
        return Objects.requireNonNull(inForce.get(), "set once and then replaced");
    }
}
