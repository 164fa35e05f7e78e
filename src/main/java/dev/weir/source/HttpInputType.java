package dev.weir.source;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.pointer.JsonPointer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be written of an {@code http} input. */
final class HttpInputType {
    static final SourceType TYPE = new SourceType(
            "http",
            "Asks an HTTP server again and again, one event a response, or one for each element of a list in it.",
            "`response`, data the body: its JSON, else its text",
            "Each response that differs from the one before, once and in order; what the server did not show while nobody asked is"
                    + " never seen. The next request begins when the last one ended. After a status outside of 2xx, a time-out or"
                    + " no connection the time between requests doubles, up to 5 minutes or what `Retry-After` says. Redirects"
                    + " are not followed",
            List.of(
                    SourceOption.required("url", "What is asked, `http://` or `https://`. Certificates are checked."),
                    SourceOption.duration(
                            "every", "10s", "The time from one request to the next; at once at the start."),
                    SourceOption.text("method", "GET", "The request's method."),
                    SourceOption.map("headers", "The request's headers."),
                    SourceOption.text("body", null, "The request's body."),
                    SourceOption.duration("timeout", "10s", "How long a whole response may take."),
                    SourceOption.size("max-size", "1MiB", "The longest body; a longer one is not read to its end."),
                    SourceOption.text(
                            "split",
                            null,
                            "A JSON pointer to a list in the body whose elements are the events; `\"\"` when the body is the list."),
                    SourceOption.flag(
                            "changed-only",
                            true,
                            "Whether a response that is as the one before is left out: by `ETag` and `Last-Modified` where the"
                                    + " server has them, and by its bytes."),
                    SourceOption.text("type", "response", "The type of its events."),
                    SourceOption.text("key", null, "The field that is the events' subject.")),
            "http: {url: \"http://127.0.0.1:9000/orders\", every: 5s, split: /items, key: id, to: orders}",
            (options, home) -> make(options));

    private HttpInputType() {}

    private static Source make(Options options) {
        return new HttpInput(new HttpInput.Plan(
                url(options),
                options.duration("every"),
                HttpMethod.valueOf(options.text("method")),
                options.map("headers"),
                options.has("body") ? options.text("body") : null,
                options.duration("timeout"),
                options.size("max-size"),
                pointer(options),
                options.flag("changed-only"),
                options.text("type"),
                options.has("key") ? options.text("key") : null));
    }

    private static URI url(Options options) {
        String text = options.text("url");
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (text.isEmpty() || (http && url.getHost() != null && url.getUserInfo() == null)) {
                return url;
            }
            String mend = url.getUserInfo() == null
                    ? "write it as in https://example.org/orders"
                    : "write an authorization header";
            options.wrong(
                    "url", url.getUserInfo() == null ? "it is no address of an HTTP server" : "it holds a user", mend);
        } catch (URISyntaxException wrong) {
            options.wrong("url", "it is no URL: " + wrong.getReason(), "write it as in https://example.org/orders");
        }
        return URI.create("http://127.0.0.1/");
    }

    private static @Nullable JsonPointer pointer(Options options) {
        if (!options.has("split")) {
            return null;
        }
        try {
            return JsonPointer.from(options.raw("split"));
        } catch (IllegalArgumentException wrong) {
            options.wrong("split", "it is no JSON pointer", "write it as in split: /items");
            return null;
        }
    }
}
