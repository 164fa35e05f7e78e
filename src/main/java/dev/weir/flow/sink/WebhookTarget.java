package dev.weir.flow.sink;

import dev.weir.bus.RetryPolicy;
import dev.weir.config.RawValue;
import dev.weir.event.ContentMode;
import dev.weir.event.InvalidEventException;
import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Rehearsal;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import dev.weir.flow.outside.BreakerOption;
import dev.weir.flow.outside.Calls;
import dev.weir.flow.outside.Http;
import dev.weir.flow.outside.Outside;
import dev.weir.flow.outside.Rehearsed;
import dev.weir.flow.outside.SecretFile;
import dev.weir.flow.outside.Template;
import dev.weir.flow.outside.WebAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends each event to an HTTP endpoint, as a CloudEvent, signed when it has a secret. */
final class WebhookTarget implements Stage, Calls.Outcome {
    private static final String URL = "url";
    private static final String SECRET = "secret";
    private static final String SECRET_FILE = "secret-file";
    private static final long MOST_ANSWERED = 64 * 1024;
    private static final RetryPolicy RETRY = new RetryPolicy(
            List.of(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(10)),
            10);

    static final StageType TYPE = new StageType(
            "webhook",
            "Sends each event to an HTTP endpoint, as a CloudEvent with POST.",
            "At least once when what the flow reads is journaled, else at most once and not over a restart; in order per key."
                    + " The header webhook-id is the same each time an event is sent, so that receivers can know it again. Any status"
                    + " of 2xx is success; 408, 425, 429, 5xx and no answer are tried again, as Retry-After says if it says so;"
                    + " any other status (410 too) is an error at once.",
            URL,
            options(),
            StageType.Traits.OUTSIDE,
            "webhook: {url: \"https://shop.example/hooks/orders\", in-flight: 8}",
            WebhookTarget::make);

    private record Made(
            Template url,
            Map<String, Template> headers,
            ContentMode mode,
            @Nullable Expression id,
            @Nullable Signer signer,
            Calls.Settings settings) {}

    private final StageContext context;
    private final Calls calls;

    private WebhookTarget(StageContext context, Made made) {
        this.context = context;
        this.calls = new Calls(context, made.settings, true, outside(context, made), this);
    }

    private static List<StageOption> options() {
        return List.of(
                StageOption.required(
                        URL,
                        Kind.TEXT,
                        "Where events are sent, with expressions in braces behind the host. Redirects are not followed."),
                StageOption.choice(
                        "mode",
                        List.of("structured", "binary"),
                        "How CloudEvents are written: all in a JSON object, or attributes in headers and the data as the body."),
                StageOption.optional(
                        "id",
                        Kind.EXPRESSION,
                        "The id of what is sent; without it that of the event that came in, which all parts of a split event share."),
                StageOption.optional(
                        "headers", Kind.MAP, "Further headers: texts, with expressions in braces as in `{event.id}`."),
                StageOption.optional(
                        SECRET_FILE,
                        Kind.TEXT,
                        "A file with a secret that signs what is sent (HMAC-SHA256, Standard Webhooks: the headers webhook-id,"
                                + " webhook-timestamp, webhook-signature), relative to WEIR_HOME; read when the flow is loaded."),
                StageOption.optional(
                        SECRET,
                        Kind.TEXT,
                        "The secret itself, for tries: whoever sees the flow sees it. `whsec_` and base 64, or text."),
                StageOption.duration("timeout", "10s", "How long an attempt may take."),
                StageOption.optional(
                        "retry",
                        Kind.RETRY,
                        "How it is tried again; without it `{backoff: [1s, 5s, 30s, 2m, 10m], attempts: 10}`. Then what"
                                + " `on-error` says holds."),
                BreakerOption.option("while open, events wait"),
                StageOption.count(
                        "in-flight",
                        16,
                        1,
                        1000,
                        "How many requests may be under way; those of one key go one by one."));
    }

    private static StageType.Factory make(StageOptions options) {
        RawValue url = options.raw(URL);
        Map<String, Template> headers = new LinkedHashMap<>();
        options.entries("headers").forEach((name, raw) -> {
            WebAddress.checkHeader(options, "headers", name);
            headers.put(name, Template.of(options, "headers", raw));
        });
        Made made = new Made(
                url == null ? Template.NONE : WebAddress.template(options, URL, url),
                headers,
                options.choice("mode").equals("binary") ? ContentMode.BINARY : ContentMode.STRUCTURED,
                options.optionalExpression("id"),
                signer(options),
                new Calls.Settings(
                        options.time("timeout"),
                        Objects.requireNonNullElse(options.retry("retry"), RETRY),
                        BreakerOption.read(options),
                        (int) options.count("in-flight")));
        return context -> new WebhookTarget(context, made);
    }

    private static @Nullable Signer signer(StageOptions options) {
        String file = options.optionalText(SECRET_FILE);
        String secret = file == null ? options.optionalText(SECRET) : SecretFile.read(options, SECRET_FILE, file);
        if (file != null && options.has(SECRET)) {
            options.wrong(SECRET, "there are two secrets", "remove it, and keep " + SECRET_FILE);
        }
        if (secret == null || secret.isEmpty()) {
            return null;
        }
        try {
            return Signer.of(secret);
        } catch (IllegalArgumentException bad) {
            options.wrong(
                    file == null ? SECRET : SECRET_FILE, "no base 64 behind whsec_", "copy the secret as a whole");
            return null;
        }
    }

    private static Outside outside(StageContext context, Made made) {
        Rehearsal rehearsal = context.rehearsal();
        if (rehearsal != null) {
            return rehearsal.isAnswered() ? new Rehearsed(rehearsal, context.timers()) : event -> Rehearsed.done();
        }
        Vertx vertx = Objects.requireNonNull(context.vertx(), "neither a rehearsal nor a world");
        Http http = new Http(vertx, context.clock(), made.settings.inFlight(), made.settings.timeout(), MOST_ANSWERED);
        return new Sending(context, made, http);
    }

    private record Sending(StageContext context, Made made, Http http) implements Outside {
        @Override
        public Call ask(FlowEvent event) {
            WebhookMessage message;
            try {
                message = WebhookMessage.of(event, made.mode, made.id, context.clock());
            } catch (InvalidEventException bad) {
                throw new StageException("this is no CloudEvent: " + bad.getMessage(), bad);
            }
            made.headers.forEach(
                    (name, value) -> message.headers().set(name, Template.inHeader(value.text(event, text -> text))));
            long seconds = context.clock().millis() / 1000;
            message.headers().set("webhook-id", message.id()).set("webhook-timestamp", Long.toString(seconds));
            if (made.signer != null) {
                message.headers().set("webhook-signature", made.signer.sign(message.id(), seconds, message.body()));
            }
            String url = made.url.text(event, Template::inUrl);
            return http.send(HttpMethod.POST, url, message.headers(), message.body(), answer -> null);
        }

        @Override
        public void close() {
            http.close();
        }
    }

    @Override
    public void accept(FlowEvent event) {
        calls.ask(event, context.hold(event));
    }

    @Override
    public void answered(FlowEvent event, @Nullable Object answer) {
        Rehearsal rehearsal = context.rehearsal();
        if (rehearsal != null) {
            rehearsal.emitted(context.id(), event);
        }
        context.count("sent", 1);
    }

    @Override
    public void close() {
        calls.close();
    }
}
