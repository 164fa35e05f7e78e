package dev.weir.source;

import dev.weir.bus.FailureText;
import dev.weir.source.HttpInput.Answer;
import dev.weir.source.HttpInput.HttpTags;
import dev.weir.time.Timers.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request and its response, bounded in size and time. Owned by its input's event loop; the body is parsed off it. */
final class Poll {
    private static final int NOT_MODIFIED = 304;
    private static final int HASH_BYTES = 16;

    /** A response without events, or none at all. Its message is for people. */
    static final class Refused extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final Duration retryAfter;

        Refused(String message, Duration retryAfter) {
            super(message, null, false, false);
            this.retryAfter = retryAfter;
        }

        /** How long the server wants to be left alone. */
        Duration retryAfter() {
            return retryAfter;
        }
    }

    private final InputContext context;
    private final HttpInput.Plan plan;
    private final HttpClientAgent client;
    private final HttpTags tags;
    private final Promise<Answer> done = Promise.promise();
    private @Nullable HttpClientRequest request;
    private @Nullable Timer timer;

    /** @param tags of the response that is known */
    Poll(InputContext context, HttpInput.Plan plan, HttpClientAgent client, HttpTags tags) {
        this.context = context;
        this.plan = plan;
        this.client = client;
        this.tags = tags;
    }

    Future<Answer> run() {
        timer = context.timers()
                .after(
                        plan.timeout(),
                        () -> fail("it did not answer within " + plan.timeout().toMillis() + " ms"));
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(plan.url().toString())
                .setMethod(plan.method())
                .setFollowRedirects(false);
        plan.headers().forEach(options::putHeader);
        if (tags.etag() != null) {
            options.putHeader(HttpHeaders.IF_NONE_MATCH, tags.etag());
        }
        if (tags.modified() != null) {
            options.putHeader(HttpHeaders.IF_MODIFIED_SINCE, tags.modified());
        }
        client.request(options).onComplete(made -> {
            if (made.failed()) {
                fail("it cannot be reached: " + made.cause().getMessage());
            } else if (done.future().isComplete()) {
                made.result().reset();
            } else {
                send(made.result());
            }
        });
        return done.future();
    }

    /** Nobody wants to know any more. */
    void cancel() {
        fail("it is not wanted any more");
    }

    private void send(HttpClientRequest made) {
        request = made;
        String body = plan.body();
        Future<HttpClientResponse> response = body == null ? made.send() : made.send(body);
        response.onSuccess(this::read).onFailure(failure -> fail("it gave no answer: " + failure.getMessage()));
    }

    private void read(HttpClientResponse response) {
        response.exceptionHandler(failure -> fail("the answer broke off: " + failure.getMessage()));
        int status = response.statusCode();
        if (status == NOT_MODIFIED) {
            finish(Answer.NONE);
            return;
        }
        if (status < 200 || status > 299) {
            String to = status < 400 && response.getHeader(HttpHeaders.LOCATION) != null
                    ? " to " + response.getHeader(HttpHeaders.LOCATION) + "; redirects are not followed, write that url"
                    : "";
            refuse("it answered " + status + to, retryAfter(response));
            return;
        }
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > plan.maxBytes()) {
                fail("the body is longer than max-size, " + plan.maxBytes() + " bytes");
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(ended -> parse(response, body));
    }

    private static Duration retryAfter(HttpClientResponse response) {
        String seconds = response.getHeader(HttpHeaders.RETRY_AFTER);
        return seconds != null && seconds.matches("\\d{1,6}")
                ? Duration.ofSeconds(Long.parseLong(seconds))
                : Duration.ZERO;
    }

    private void parse(HttpClientResponse response, Buffer body) {
        if (done.future().isComplete()) {
            return;
        }
        String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
        boolean json = plan.split() != null
                || (type != null
                        && type.toLowerCase(Locale.ROOT)
                                .split(";", 2)[0]
                                .strip()
                                .endsWith("json"));
        HttpTags now =
                new HttpTags(response.getHeader(HttpHeaders.ETAG), response.getHeader(HttpHeaders.LAST_MODIFIED));
        context.blocking(() -> answer(body, json, now))
                .onSuccess(this::finish)
                .onFailure(failure -> fail("the answer cannot be read: " + FailureText.of(failure)));
    }

    /** Off the event loop. */
    private Answer answer(Buffer body, boolean json, HttpTags now) {
        String hash = hash(body);
        if (body.length() == 0) {
            return new Answer(hash, List.of(), now, null);
        }
        try {
            Object data = json ? Json.decodeValue(body) : body.toString(StandardCharsets.UTF_8);
            return events(data, hash, now);
        } catch (DecodeException wrong) {
            return new Answer(hash, List.of(), now, "the body is no JSON: " + wrong.getMessage());
        }
    }

    private Answer events(@Nullable Object data, String hash, HttpTags now) {
        JsonPointer split = plan.split();
        List<@Nullable Object> events = new ArrayList<>();
        if (split == null) {
            events.add(data);
            return new Answer(hash, events, now, null);
        }
        if (split.queryJson(data) instanceof JsonArray elements) {
            for (int i = 0; i < elements.size(); i++) {
                events.add(elements.getValue(i));
            }
            return new Answer(hash, events, now, null);
        }
        return new Answer(hash, events, now, "the body has no list at " + split);
    }

    private static String hash(Buffer body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void fail(String message) {
        refuse(message, Duration.ZERO);
    }

    private void refuse(String message, Duration retryAfter) {
        if (done.tryFail(new Refused(message, retryAfter))) {
            clear(true);
        }
    }

    private void finish(Answer answer) {
        if (done.tryComplete(answer)) {
            clear(false);
        }
    }

    private void clear(boolean broken) {
        if (timer != null) {
            timer.cancel();
        }
        if (broken && request != null) {
            request.reset();
        }
    }
}
