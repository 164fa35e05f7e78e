package dev.weir.source;

import dev.weir.bus.Position;
import dev.weir.time.Timers.Timer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server again and again. The next request begins when all events of the last response were emitted, so pausing it is enough
 * to stop asking. A position names a response by its hash and how many of its events were emitted. Owned by one event loop.
 */
final class HttpInput implements Input {
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 20;

    /** Others get their turn on the event loop after so many events. */
    private static final int SLICE = 256;

    /**
     * What is asked and what becomes of the answers.
     *
     * @param split where a body holds the list whose elements are the events, null when it is one event
     */
    record Plan(
            URI url,
            Duration every,
            HttpMethod method,
            Map<String, String> headers,
            @Nullable String body,
            Duration timeout,
            int maxBytes,
            @Nullable JsonPointer split,
            boolean changedOnly,
            String type,
            @Nullable String key) {
        /** Copies what it is given. */
        Plan {
            headers = Map.copyOf(headers);
        }

        /** The URL without its query, which may hold secrets. */
        String place() {
            String text = url.toString();
            int query = text.indexOf('?');
            return query < 0 ? text : text.substring(0, query);
        }
    }

    private final Plan plan;
    private @Nullable InputContext context;
    private @Nullable HttpClientAgent client;
    private @Nullable Poll poll;
    private @Nullable Timer timer;
    private Answer answer = Answer.NONE;
    private HttpTags tags = HttpTags.NONE;
    private String hash = "";
    private long skip;
    private int next;
    private int failures;
    private boolean due;
    private boolean paused;
    private boolean scheduled;
    private boolean stopped;
    private long beganNanos;

    HttpInput(Plan plan) {
        this.plan = plan;
    }

    @Override
    public void start(InputContext own, @Nullable Position from) {
        context = own;
        client = own.vertx().createHttpClient(new HttpClientOptions().setDecompressionSupported(false));
        if (from != null) {
            hash = from.epoch();
            skip = from.offset();
        }
        due = true;
        ask();
    }

    @Override
    public void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
        if (poll != null) {
            poll.cancel();
        }
        if (client != null) {
            client.close();
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            schedule();
        }
    }

    private InputContext context() {
        return Objects.requireNonNull(context, "an input is started first");
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            context().run(this::drain);
        }
    }

    private void drain() {
        scheduled = false;
        for (int left = SLICE; left > 0 && next < answer.events().size(); left--) {
            if (paused || stopped) {
                return;
            }
            emit(answer.events().get(next++));
        }
        if (next < answer.events().size()) {
            schedule();
        } else {
            answer = Answer.NONE;
            next = 0;
            ask();
        }
    }

    private void emit(@Nullable Object data) {
        String field = plan.key();
        Object key = field != null && data instanceof JsonObject object ? object.getValue(field) : null;
        Position at = plan.changedOnly() ? new Position(answer.hash(), next) : null;
        context().emit(plan.type(), key == null ? null : key.toString(), data, at);
    }

    /** Asks when it is time to and nothing else is to be done first. */
    private void ask() {
        if (!due || paused || stopped || poll != null || next < answer.events().size() || client == null) {
            return;
        }
        due = false;
        beganNanos = context().clock().nanos();
        Poll own = new Poll(context(), plan, client, plan.changedOnly() ? tags : HttpTags.NONE);
        poll = own;
        own.run().onComplete(done -> {
            poll = null;
            if (stopped) {
                return;
            }
            Duration wait = done.succeeded() ? answered(done.result()) : failed(done.cause());
            timer = context().timers().after(wait, () -> {
                due = true;
                ask();
            });
            schedule();
        });
    }

    private Duration answered(Answer got) {
        failures = 0;
        if (got.error() != null) {
            context().bad(plan.place(), got.error(), null);
        }
        if (!got.isUnchanged()) {
            tags = got.tags();
            boolean same = plan.changedOnly() && got.hash().equals(hash);
            answer = same && skip == 0 ? Answer.NONE : got;
            next = same ? (int) Math.min(skip, got.events().size()) : 0;
            hash = got.hash();
            skip = 0;
        }
        return plan.every().minusNanos(context().clock().nanos() - beganNanos);
    }

    private Duration failed(Throwable failure) {
        context().bad(plan.place(), String.valueOf(failure.getMessage()), null);
        failures = Math.min(failures + 1, MOST_DOUBLINGS);
        Duration wait = plan.every().multipliedBy(1L << failures);
        Duration most = plan.every().compareTo(LONGEST_BACKOFF) > 0 ? plan.every() : LONGEST_BACKOFF;
        wait = wait.compareTo(most) > 0 ? most : wait;
        if (failure instanceof Poll.Refused refused && refused.retryAfter().compareTo(wait) > 0) {
            wait = refused.retryAfter();
        }
        return wait.compareTo(LONGEST_RETRY_AFTER) > 0 && plan.every().compareTo(LONGEST_RETRY_AFTER) < 0
                ? LONGEST_RETRY_AFTER
                : wait;
    }

    /** What a server names a state of a resource by. */
    record HttpTags(@Nullable String etag, @Nullable String modified) {
        static final HttpTags NONE = new HttpTags(null, null);
    }

    /**
     * A response that was read.
     *
     * @param hash of its body, empty when it has not changed
     * @param error why its body holds no events, null when it does
     */
    record Answer(
            String hash,
            List<@Nullable Object> events,
            HttpTags tags,
            @Nullable String error) {
        static final Answer NONE = new Answer("", List.of(), HttpTags.NONE, null);

        boolean isUnchanged() {
            return hash.isEmpty();
        }
    }
}
