package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import dev.weir.edge.ProblemResponses;
import dev.weir.event.EventHeaders;
import dev.weir.event.Incoming;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code POST /v1/addresses/{address}/requests}: JSON in, the reply out. Owned by its event loop. */
final class RequestRoute {
    private final LoopServices loop;

    RequestRoute(LoopServices loop) {
        this.loop = loop;
    }

    void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String busy = loop.edge().admission().busy();
        if (busy != null) {
            routing.fail(new Refusal(FailureCode.BUSY, busy));
            return;
        }
        Future<Buffer> body = Bodies.read(request, loop);
        Future<Principal> known = loop.gate().principal(request);
        body.compose(bytes -> known.compose(who -> send(routing, who, bytes)))
                .onSuccess(reply -> answer(routing.response(), reply))
                .onFailure(failure -> refuse(routing, failure));
    }

    private Future<Message<Object>> send(RoutingContext routing, Principal who, Buffer body) {
        HttpServerRequest request = routing.request();
        Incoming event = EventRequests.plain(request, body);
        return loop.edge()
                .publisher()
                .request(
                        HttpOrigin.of(loop.gate(), request, who),
                        routing.pathParam("address"),
                        event.headers(),
                        event.data(),
                        event.bytes(),
                        timeoutMillis(request));
    }

    private long timeoutMillis(HttpServerRequest request) {
        long most = loop.edge().config().replyTimeout().toMillis();
        String asked = request.getParam("timeout");
        if (asked == null) {
            return most;
        }
        if (!asked.matches("[1-9][0-9]{0,8}")) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    "timeout is a number of milliseconds of at least 1, not '" + asked + "'");
        }
        return Math.min(most, Long.parseLong(asked));
    }

    private static void answer(HttpServerResponse response, Message<Object> reply) {
        if (response.closed()) {
            return;
        }
        for (Map.Entry<String, String> header : reply.headers()) {
            if (header.getKey().startsWith(EventHeaders.PREFIX)) {
                response.putHeader(header.getKey(), encoded(header.getValue()));
            }
        }
        if (reply.body() instanceof Buffer bytes) {
            String type = reply.headers().get(EventHeaders.PREFIX + "datacontenttype");
            response.putHeader(HttpHeaders.CONTENT_TYPE, type == null ? "application/octet-stream" : encoded(type))
                    .end(bytes);
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Json.encodeToBuffer(reply.body()));
        }
    }

    /** Percent-encodes, as CloudEvents say, what a header cannot hold. */
    private static String encoded(String value) {
        boolean plain = value.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '%' && c != '"');
        return plain ? value : URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void refuse(RoutingContext routing, Throwable failure) {
        if (routing.response().closed()) {
            return;
        }
        if (failure instanceof ReplyException reply) {
            fail(routing, reply);
        } else {
            routing.fail(500, failure);
        }
    }

    private static void fail(RoutingContext routing, ReplyException reply) {
        switch (reply.failureType()) {
            case NO_HANDLERS -> routing.fail(new Refusal(FailureCode.NO_HANDLERS));
            case TIMEOUT -> routing.fail(new Refusal(FailureCode.TIMEOUT));
            case ERROR -> routing.fail(new Refusal(FailureCode.UNAVAILABLE));
            case RECIPIENT_FAILURE -> recipientFailure(routing.response(), reply);
        }
    }

    private static void recipientFailure(HttpServerResponse response, ReplyException reply) {
        FailureCode code = FailureCode.ofNumber(reply.failureCode()).orElse(FailureCode.RECIPIENT_FAILURE);
        JsonObject problem = new JsonObject()
                .put("type", "about:blank")
                .put("status", code.httpStatus())
                .put("title", code.meaning())
                .put("code", code.word())
                .put("detail", reply.getMessage())
                .put("failureCode", reply.failureCode());
        response.setStatusCode(code.httpStatus())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemResponses.MEDIA_TYPE)
                .end(problem.toBuffer());
    }
}
