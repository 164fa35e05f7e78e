package dev.weir.edge.auth;

import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.config.AuthConfig.JwtConfig;
import dev.weir.edge.Authenticator;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who clients are by their JSON Web Tokens. A key set at a URL is fetched at start, every 10 minutes, and when a token
 * names an unknown key, then at most every 30 s; while the URL fails, the keys last read stay in force. Thread-safe; answers on
 * the context of whoever asks.
 */
public final class JwtAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(JwtAuthenticator.class);
    private static final Duration REFRESH = Duration.ofMinutes(10);
    private static final Duration UNKNOWN_KEY_REFRESH = Duration.ofSeconds(30);
    private static final long FETCH_TIMEOUT_MILLIS = 5_000;

    private final Vertx vertx;
    private final Clock clock;
    private final JwtConfig config;
    private final @Nullable String url;
    private final @Nullable WebClient client;
    private final AtomicReference<JwtVerifier> verifier;
    private final AtomicReference<@Nullable Future<Void>> fetching = new AtomicReference<>();
    private final AtomicLong fetchedNanos;
    private final Timers.@Nullable Timer refresh;

    /**
     * @param keys those of {@link JwtKeys#load}, or the last known ones of the same URL
     */
    public JwtAuthenticator(Vertx vertx, Clock clock, Timers timers, JwtConfig config, List<JwtKey> keys) {
        this.vertx = vertx;
        this.clock = clock;
        this.config = config;
        this.url = JwtKeys.urlOf(config);
        this.verifier = new AtomicReference<>(new JwtVerifier(vertx, clock, config, keys));
        this.fetchedNanos = new AtomicLong(clock.nanos());
        boolean fetches = url != null;
        this.client = fetches ? WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false)) : null;
        this.refresh = fetches ? timers.every(REFRESH, this::fetch) : null;
    }

    /** Fetches the keys if they are at a URL. Completes when that is done, successfully or not. */
    public Future<Void> start() {
        return url == null ? Future.succeededFuture() : fetch();
    }

    /** The keys in force. */
    public List<JwtKey> keys() {
        return current().keys();
    }

    /** Stops fetching. */
    public void close() {
        if (refresh != null) {
            refresh.cancel();
        }
        if (client != null) {
            client.close();
        }
    }

    @Override
    public Future<Principal> authenticate(String token) {
        Principal known = current().known(token);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        try {
            JwtHeader header = JwtHeader.of(token);
            boolean unknownKey = url != null && !current().hasKeyFor(header) && !isSymmetric(header);
            return unknownKey ? afterRefresh(token, header) : current().verify(token, header);
        } catch (Refusal notAToken) {
            return Future.failedFuture(notAToken);
        }
    }

    private static boolean isSymmetric(JwtHeader header) {
        return !header.algorithm().startsWith("RS") && !header.algorithm().startsWith("ES");
    }

    private Future<Principal> afterRefresh(String token, JwtHeader header) {
        // The fetch is shared by several event loops; each goes on where it asked.
        Promise<Void> here = ((ContextInternal) vertx.getOrCreateContext()).promise();
        refreshForUnknownKey().onComplete(done -> here.complete());
        return here.future().compose(refreshed -> current().verify(token, header));
    }

    private Future<Void> refreshForUnknownKey() {
        Future<Void> running = fetching.get();
        if (running != null) {
            return running;
        }
        boolean due = clock.nanos() - fetchedNanos.get() >= UNKNOWN_KEY_REFRESH.toNanos();
        return due ? fetch() : Future.succeededFuture();
    }

    private JwtVerifier current() {
        return java.util.Objects.requireNonNull(verifier.get(), "set once and then replaced");
    }

    private Future<Void> fetch() {
        WebClient web = client;
        String from = url;
        if (web == null || from == null) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        if (!fetching.compareAndSet(null, promise.future())) {
            return Future.succeededFuture();
        }
        fetchedNanos.set(clock.nanos());
        web.getAbs(from)
                .timeout(FETCH_TIMEOUT_MILLIS)
                .send()
                .map(answer -> {
                    if (answer.statusCode() != 200) {
                        throw new IllegalArgumentException("answered with status " + answer.statusCode());
                    }
                    return JwtKey.ofKeySet(String.valueOf(answer.bodyAsString()));
                })
                .onSuccess(this::use)
                .onFailure(failure -> LOG.warn(
                        "cannot read the keys at {}, the {} known ones stay: {}",
                        from,
                        keys().size(),
                        failure.getMessage()))
                .onComplete(done -> {
                    fetching.set(null);
                    promise.complete();
                });
        return promise.future();
    }

    private void use(List<JwtKey> keys) {
        if (!keys.equals(keys())) {
            verifier.set(new JwtVerifier(vertx, clock, config, keys));
            LOG.info("{} keys verify tokens now", keys.size());
        }
    }
}
