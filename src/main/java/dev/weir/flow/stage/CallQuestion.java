package dev.weir.flow.stage;

import dev.weir.bus.Addresses;
import dev.weir.config.RawValue;
import dev.weir.expression.Expression;
import dev.weir.flow.Rehearsal;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.outside.BusOutside;
import dev.weir.flow.outside.Calls;
import dev.weir.flow.outside.Http;
import dev.weir.flow.outside.HttpOutside;
import dev.weir.flow.outside.Outside;
import dev.weir.flow.outside.Rehearsed;
import dev.weir.flow.outside.SecretFile;
import dev.weir.flow.outside.Template;
import dev.weir.flow.outside.WebAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom the stage {@code call} asks, and what.
 *
 * @param address null when it asks over HTTP
 * @param request null when it asks over the bus
 */
record CallQuestion(
        @Nullable String address, @Nullable Expression body, HttpOutside.@Nullable Request request, long mostBytes) {
    static final String ADDRESS = "address";
    private static final String BODY = "body";
    private static final String URL = "url";
    private static final String METHOD = "method";
    private static final String HEADERS = "headers";
    private static final String TOKEN_FILE = "token-file";

    static final List<StageOption> OPTIONS = List.of(
            StageOption.optional(ADDRESS, Kind.TEXT, "The address for requests that is asked."),
            StageOption.optional(
                    URL,
                    Kind.TEXT,
                    "Or the URL of an HTTP service, with expressions in braces behind the host, as in"
                            + " `https://shop.example/items/{event.data.sku}`. Redirects are not followed."),
            new StageOption(
                    METHOD,
                    Kind.CHOICE,
                    null,
                    false,
                    "The HTTP method; without it POST with a body, else GET.",
                    List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"),
                    0,
                    0),
            StageOption.optional(
                    HEADERS, Kind.MAP, "HTTP headers: texts, with expressions in braces as in `{event.id}`."),
            StageOption.optional(
                    TOKEN_FILE,
                    Kind.TEXT,
                    "A file whose text is sent as `authorization: Bearer`, relative to WEIR_HOME; read when the flow is loaded."),
            StageOption.optional(
                    BODY,
                    Kind.EXPRESSION,
                    "What is sent, as JSON; without it the event's data over the bus, nothing over HTTP."),
            StageOption.size("max-size", "1MiB", "The largest HTTP answer that is read."));

    static CallQuestion of(StageOptions options) {
        String address = options.optionalText(ADDRESS);
        if ((address == null) == !options.has(URL)) {
            options.wrong(ADDRESS, "an address, or a URL", "write address: NAME or url: https://...");
        } else if (address != null && !Addresses.isValid(address)) {
            options.wrong(ADDRESS, "'" + address + "' is no address", "write it as in pricing or stock.level");
        }
        if (address != null) {
            for (String http : List.of(METHOD, HEADERS, TOKEN_FILE, "max-size")) {
                if (options.has(http)) {
                    options.wrong(http, "is for HTTP only", "remove it, or write url instead of address");
                }
            }
        }
        Expression body = options.optionalExpression(BODY);
        RawValue url = options.raw(URL);
        if (url == null && options.has(METHOD)) {
            options.choice(METHOD);
        }
        return new CallQuestion(
                address, body, url == null ? null : request(options, url, body), options.size("max-size"));
    }

    private static HttpOutside.Request request(StageOptions options, RawValue url, @Nullable Expression body) {
        String method = options.has(METHOD) ? options.choice(METHOD) : body == null ? "GET" : "POST";
        Map<String, Template> headers = new LinkedHashMap<>();
        options.entries(HEADERS).forEach((name, raw) -> {
            WebAddress.checkHeader(options, HEADERS, name);
            headers.put(name, Template.of(options, HEADERS, raw));
        });
        String file = options.optionalText(TOKEN_FILE);
        return new HttpOutside.Request(
                HttpMethod.valueOf(method),
                WebAddress.template(options, URL, url),
                headers,
                body,
                file == null ? null : SecretFile.read(options, TOKEN_FILE, file));
    }

    Outside outside(StageContext context, Calls.Settings settings) {
        Rehearsal rehearsal = context.rehearsal();
        if (rehearsal != null) {
            return new Rehearsed(rehearsal, context.timers());
        }
        Vertx vertx = context.vertx();
        if (vertx == null) {
            throw new IllegalStateException("neither a rehearsal nor a world");
        }
        if (request == null) {
            return new BusOutside(vertx, context, String.valueOf(address), body, settings.timeout());
        }
        Http http = new Http(vertx, context.clock(), settings.inFlight(), settings.timeout(), mostBytes);
        return new HttpOutside(http, request);
    }
}
