package dev.weir.edge.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.weir.bus.Addresses;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.LocalAnswers;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * Tokens of the console that were given back before their time. The others are told at once; and since a message may be lost, and a
 * node may start later, each node asks the others for theirs before it serves and every half minute from then on. Thread-safe.
 */
final class EndedTokens {
    private static final int MOST = 100_000;
    private static final Duration ASKED_EVERY = Duration.ofSeconds(30);
    private static final String ID = "jti";
    private static final String UNTIL = "until";
    private static final String TOKENS = "tokens";
    private static final String DIGEST = "digest";

    private final Vertx vertx;
    private final Clock clock;
    private final Cache<String, Long> ended;

    EndedTokens(Vertx vertx, Clock clock) {
        this.vertx = vertx;
        this.clock = clock;
        this.ended = Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(clock::nanos)
                .expireAfter(Expiry.creating(
                        (String id, Long until) -> Duration.ofMillis(Math.max(1, until - clock.millis()))))
                .build();
    }

    boolean has(String id) {
        return ended.getIfPresent(id) != null;
    }

    /**
     * Remembers one until it would have expired.
     *
     * @return whether that is news
     */
    boolean remember(String id, long untilMillis) {
        return untilMillis > clock.millis() && ended.asMap().put(id, untilMillis) == null;
    }

    /** Remembers one and tells the other nodes. */
    void end(String id, long untilMillis) {
        remember(id, untilMillis);
        vertx.eventBus()
                .publish(
                        Addresses.CONSOLE,
                        new JsonObject().put("v", 1).put(ID, id).put(UNTIL, untilMillis));
    }

    /** Hears from now on what others tell; completes when what they told before is known too, as far as they answer. */
    Future<Void> follow(LocalAnswers answers, ClusterQuery nodes, Timers timers) {
        return vertx.eventBus()
                .<JsonObject>consumer(Addresses.CONSOLE, message -> {
                    JsonObject told = message.body();
                    remember(told.getString(ID, ""), told.getLong(UNTIL, 0L));
                    // This node's own too, which it knows already.
                    answers.ask(LocalAnswers.RECHECK, new JsonObject());
                })
                .completion()
                .compose(listening -> {
                    answers.answer(LocalAnswers.ENDED_TOKENS, this::answer);
                    timers.every(ASKED_EVERY, () -> ask(answers, nodes));
                    return ask(answers, nodes);
                });
    }

    /** All of them, unless the asking node has the same. */
    private JsonObject answer(JsonObject asked) {
        if (asked.getInteger(DIGEST, 0) == digest()) {
            return new JsonObject();
        }
        JsonObject tokens = new JsonObject();
        ended.asMap().forEach(tokens::put);
        return new JsonObject().put(TOKENS, tokens);
    }

    /** The same for the same tokens, in whatever order. */
    private int digest() {
        return ended.asMap().keySet().stream().mapToInt(String::hashCode).sum();
    }

    private Future<Void> ask(LocalAnswers answers, ClusterQuery nodes) {
        return nodes.ask(LocalAnswers.ENDED_TOKENS, new JsonObject().put(DIGEST, digest()))
                .map(told -> {
                    boolean news = false;
                    for (JsonObject each : told) {
                        news |= learn(each.getJsonObject(TOKENS, new JsonObject()));
                    }
                    if (news) {
                        answers.ask(LocalAnswers.RECHECK, new JsonObject());
                    }
                    return null;
                });
    }

    private boolean learn(JsonObject tokens) {
        boolean news = false;
        for (String id : tokens.fieldNames()) {
            news |= remember(id, tokens.getLong(id, 0L));
        }
        return news;
    }
}
