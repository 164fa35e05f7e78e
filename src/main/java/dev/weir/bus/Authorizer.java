package dev.weir.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.weir.bus.Permission.Access;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Permission.Verdict;
import dev.weir.config.Location;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may do what. Answers at once unless a policy says {@code ask:}, then over the bus; an answer {@code {allow,
 * ttl}} is kept for {@code ttl} milliseconds, no answer refuses. Thread-safe.
 */
public final class Authorizer {
    private static final Logger LOG = LoggerFactory.getLogger(Authorizer.class);
    private static final Future<Void> ALLOWED = Future.succeededFuture();
    private static final long ASK_TIMEOUT_MILLIS = 3_000;
    private static final int ANSWERS_KEPT = 10_000;

    private record Question(String asked, String sub, Action action, String address, String type) {}

    private record Answer(boolean allow, long ttlMillis) {}

    private final Vertx vertx;
    private final Clock clock;
    private final AtomicReference<Policies> policies;
    private final Subscriptions subscriptions = new Subscriptions(this::policies);
    private final Cache<Question, Answer> answers = Caffeine.newBuilder()
            .maximumSize(ANSWERS_KEPT)
            .expireAfter(Expiry.creating((Question q, Answer a) -> Duration.ofMillis(a.ttlMillis())))
            .build();

    /** @param policies replaced on reload */
    public Authorizer(Vertx vertx, Clock clock, AtomicReference<Policies> policies) {
        this.vertx = vertx;
        this.clock = clock;
        this.policies = policies;
    }

    /** The policies in force. */
    public Policies policies() {
        Policies current = policies.get();
        if (current == null) {
            throw new IllegalStateException("policies are set before anything starts");
        }
        return current;
    }

    /** The subscriptions in force. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /**
     * The policy of an address or, for subscribing, of a pattern.
     *
     * @throws Refusal when the address is malformed, internal or undeclared
     */
    public Policy policyOf(String address) {
        if (address.length() > Addresses.MAX_LENGTH) {
            throw new Refusal(FailureCode.MAX_ADDRESS_LENGTH_REACHED);
        }
        if (Addresses.isInternal(address)) {
            throw new Refusal(FailureCode.ACCESS_DENIED);
        }
        if (Addresses.isPattern(address)) {
            return policies().ofPattern(address).orElseThrow(() -> unknown("no policy's match is this pattern"));
        }
        if (!Addresses.isValid(address)) {
            throw unknown("'" + abbreviated(address)
                    + "' is not an address: segments of letters, digits and _~@:+- joined by dots");
        }
        Policy policy = policies().find(address);
        if (policy == null) {
            throw unknown(FailureCode.UNKNOWN_ADDRESS.meaning());
        }
        return policy;
    }

    /** The policy of an address or pattern that somebody may subscribe to; fails with a {@link Refusal} otherwise. */
    public Future<Policy> maySubscribe(Principal who, String address) {
        try {
            Policy policy = policyOf(address);
            return check(policy, who, Action.SUBSCRIBE, address, EventHeaders.DEFAULT_TYPE)
                    .map(allowed -> policy);
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    /** Succeeds when allowed, fails with a {@link Refusal} otherwise. */
    public Future<Void> check(Policy policy, Principal who, Action action, String address, String type) {
        Permission permission = policy.permission(action);
        if (permission instanceof Permission.Anyone) {
            return ALLOWED;
        }
        Map<String, String> variables = policy.match().variables().isEmpty() || Addresses.isPattern(address)
                ? Map.of()
                : policy.match().bind(address);
        return decide(
                permission,
                new Access(who, who.signedIn(clock.millis()), action, address, type, variables),
                policy.at());
    }

    /** Succeeds when somebody may take and settle a subscription's deliveries, fails with a {@link Refusal} otherwise. */
    public Future<Void> check(SubscriptionPolicy subscription, Principal who) {
        return decide(
                subscription.consume(),
                new Access(
                        who,
                        who.signedIn(clock.millis()),
                        Action.CONSUME,
                        subscription.name(),
                        EventHeaders.DEFAULT_TYPE,
                        Map.of()),
                subscription.at());
    }

    private Future<Void> decide(Permission permission, Access access, Location at) {
        Verdict verdict = permission.evaluate(access);
        if (verdict.allowed()) {
            return ALLOWED;
        }
        if (verdict.ask().isEmpty()) {
            return refuse(permission, access, at);
        }
        return ask(verdict.ask(), access).compose(allowed -> allowed ? ALLOWED : refuse(permission, access, at));
    }

    private static Future<Void> refuse(Permission permission, Access access, Location at) {
        // Why is for operators only: the client learns the code and nothing of the policy.
        LOG.debug(
                "refused {} on {} for {}: {}",
                access.action(),
                access.address(),
                access.who().sub(),
                at);
        boolean login =
                !access.signedIn() && access.action() != Action.SUBSCRIBE && !(permission instanceof Permission.Nobody);
        return Future.failedFuture(new Refusal(login ? FailureCode.NOT_LOGGED_IN : FailureCode.ACCESS_DENIED));
    }

    private Future<Boolean> ask(List<String> addresses, Access access) {
        Future<Boolean> answer = Future.succeededFuture(false);
        for (String address : addresses) {
            answer = answer.compose(allowed -> allowed ? Future.succeededFuture(true) : askOne(address, access));
        }
        return answer;
    }

    private Future<Boolean> askOne(String asked, Access access) {
        String sub = access.signedIn() ? String.valueOf(access.who().sub()) : "";
        Question question = new Question(asked, sub, access.action(), access.address(), access.type());
        Answer known = answers.getIfPresent(question);
        if (known != null) {
            return Future.succeededFuture(known.allow());
        }
        JsonObject body = new JsonObject()
                .put("action", access.action().name().toLowerCase(Locale.ROOT))
                .put("address", access.address())
                .put("type", access.type())
                .put("sub", access.signedIn() ? access.who().sub() : null)
                .put(
                        "roles",
                        access.signedIn()
                                ? new JsonArray(List.copyOf(access.who().roles()))
                                : new JsonArray());
        return vertx.eventBus()
                .<JsonObject>request(asked, body, new DeliveryOptions().setSendTimeout(ASK_TIMEOUT_MILLIS))
                .map(reply -> keep(question, reply.body()))
                .otherwise(failure -> {
                    LOG.warn(
                            "{} did not say who may use {}, refusing: {}",
                            asked,
                            access.address(),
                            failure.getMessage());
                    return false;
                });
    }

    private boolean keep(Question question, JsonObject reply) {
        boolean allow = Boolean.TRUE.equals(reply.getValue("allow"));
        long ttl = reply.getValue("ttl") instanceof Number n ? n.longValue() : 0;
        if (ttl > 0) {
            answers.put(question, new Answer(allow, ttl));
        }
        return allow;
    }

    /** Forgets what was answered; for a reload. */
    public void forgetAnswers() {
        answers.invalidateAll();
    }

    private static Refusal unknown(String message) {
        return new Refusal(FailureCode.UNKNOWN_ADDRESS, message);
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
