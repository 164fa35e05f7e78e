package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Answers failures as problem documents (RFC 9457). Only messages that are meant for clients leave the node. */
public final class ProblemResponses implements Handler<RoutingContext> {
    /** The media type of a problem document. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);

    /** Answers what no route took, and what failed before any route. */
    static void mountErrors(Router router) {
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
            router.errorHandler(status, routing -> {
                Throwable failure = routing.failure();
                if (failure != null && !(failure instanceof Refusal) && status >= 500) {
                    log(routing, failure);
                }
                answer(routing, status, failure instanceof Refusal refusal ? refusal : null);
            });
        }
    }

    @Override
    public void handle(RoutingContext routing) {
        Throwable failure = routing.failure();
        if (failure instanceof Refusal refusal) {
            answer(routing, refusal.code().httpStatus(), refusal);
        } else if (failure != null && routing.statusCode() >= 500) {
            log(routing, failure);
            answer(routing, routing.statusCode(), null);
        } else {
            answer(routing, routing.statusCode() < 400 ? 500 : routing.statusCode(), null);
        }
    }

    /** A bug, with the trace it belongs to where the client names one; that a client leaves in the middle of an answer is none. */
    private static void log(RoutingContext routing, Throwable failure) {
        if (failure instanceof IOException && routing.response().headWritten()) {
            LOG.debug("{} {} was not taken to its end", routing.request().method(), routing.normalizedPath(), failure);
            return;
        }
        LoggingEventBuilder line = LOG.atError().setCause(failure);
        String trace = routing.request().getHeader("traceparent");
        if (trace != null) {
            line = line.addKeyValue("traceparent", trace);
        }
        line.log("{} {} failed", routing.request().method(), routing.normalizedPath());
    }

    /** Writes a problem document, unless an answer was begun already. */
    public static void answer(RoutingContext routing, int status, @Nullable Refusal refusal) {
        answer(routing.response(), status, refusal);
    }

    /** Writes a problem document, unless an answer was begun already; then the connection is all that can be ended. */
    public static void answer(HttpServerResponse response, int status, @Nullable Refusal refusal) {
        if (response.ended() || response.headWritten()) {
            response.reset();
            return;
        }
        JsonObject problem = new JsonObject().put("type", "about:blank").put("status", status);
        if (refusal == null) {
            Optional<FailureCode> code = codeOf(status);
            problem.put("title", code.map(FailureCode::meaning).orElseGet(() -> HttpResponseStatus.valueOf(status)
                    .reasonPhrase()));
            code.ifPresent(known -> problem.put("code", known.word()));
        } else {
            FailureCode code = refusal.code();
            problem.put("title", code.meaning()).put("code", code.word()).put("detail", refusal.getMessage());
            if (refusal.pointer() != null) {
                problem.put("pointer", refusal.pointer());
            }
            if (refusal.index() >= 0) {
                problem.put("index", refusal.index());
            }
            if (code.retryable()) {
                response.putHeader(HttpHeaders.RETRY_AFTER, retryAfterSeconds(refusal));
            }
        }
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .end(problem.toBuffer());
    }

    /** What a status says that comes without a reason. */
    private static Optional<FailureCode> codeOf(int status) {
        return switch (status) {
            case 404 -> Optional.of(FailureCode.NOT_FOUND);
            case 405 -> Optional.of(FailureCode.METHOD_NOT_ALLOWED);
            case 413 -> Optional.of(FailureCode.TOO_LARGE);
            case 415 -> Optional.of(FailureCode.UNSUPPORTED_CONTENT);
            default -> Optional.empty();
        };
    }

    private static String retryAfterSeconds(Refusal refusal) {
        return Long.toString(Math.max(1, (refusal.retryAfterMillis() + 999) / 1000));
    }
}
