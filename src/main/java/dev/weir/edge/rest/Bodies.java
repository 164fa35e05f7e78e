package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import dev.weir.edge.SlowBodies;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Collects the body of one request, up to a limit and not for ever; what is beyond it is not kept. Owned by the request's event loop. */
final class Bodies extends SlowBodies.Body {
    private final HttpServerRequest request;
    private final long limit;
    private final Promise<Buffer> whole = Promise.promise();
    private @Nullable Buffer first;
    private boolean copied;

    private Bodies(HttpServerRequest request, long limit) {
        super(request);
        this.request = request;
        this.limit = limit;
    }

    /** To be called in the tick in which the request came; fails with a {@link Refusal} when the body is too large or too slow. */
    static Future<Buffer> read(HttpServerRequest request, LoopServices loop) {
        long limit = loop.edge().config().maxBody().bytes();
        Bodies body = new Bodies(request, limit);
        loop.bodies().begin(body);
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && isAbove(length, limit)) {
            body.refuse();
        } else {
            request.handler(body::add).exceptionHandler(body::fail).endHandler(end -> body.finish());
        }
        return body.whole.future();
    }

    private static boolean isAbove(String length, long limit) {
        // Netty has refused what is no number; a longer one than a long can hold is certainly too large.
        return length.length() > 18 || Long.parseLong(length.trim()) > limit;
    }

    private void add(Buffer chunk) {
        Buffer before = first;
        long size = chunk.length() + (before == null ? 0L : before.length());
        if (size > limit) {
            first = null;
            refuse();
        } else if (before == null) {
            first = chunk;
        } else if (copied) {
            before.appendBuffer(chunk);
        } else {
            copied = true;
            first = Buffer.buffer((int) size * 2).appendBuffer(before).appendBuffer(chunk);
        }
    }

    private void refuse() {
        // What still comes is read and dropped: closing at once would reset the connection and lose the answer.
        request.handler(dropped -> {}).exceptionHandler(this::fail).endHandler(end -> arrived());
        whole.tryFail(
                new Refusal(FailureCode.TOO_LARGE, "the body has more than " + limit + " bytes; see http.max-body"));
    }

    private void fail(Throwable failure) {
        arrived();
        whole.tryFail(failure);
    }

    @Override
    protected void tooSlow(Refusal refusal) {
        first = null;
        request.handler(dropped -> {});
        whole.tryFail(refusal);
    }

    private void finish() {
        arrived();
        Buffer collected = first;
        whole.tryComplete(collected == null ? Buffer.buffer() : collected);
    }
}
