package dev.weir.bus;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/** A request on its way: records it when it is sampled, and a failure of any. Used by one thread at a time. */
final class Asked {
    private final Spans spans;
    private final String address;
    private final MultiMap headers;
    private final boolean sampled;
    private final long began;

    /** @param traced null when it is not sampled */
    Asked(Spans spans, String address, MultiMap headers, @Nullable Accepted traced) {
        this.spans = spans;
        this.address = address;
        this.headers = headers;
        this.sampled = traced != null;
        this.began = traced == null ? spans.nanos() : traced.began();
        if (traced != null) {
            traced.done();
            spans.record(SpanKind.REQUEST, address, headers, began, 0);
        }
    }

    /** The same reply. */
    Future<Message<Object>> follow(Future<Message<Object>> reply) {
        if (sampled) {
            reply.onSuccess(answer -> spans.record(SpanKind.REPLY, address, headers, began, took()));
        }
        return reply.onFailure(
                failure -> spans.failed(SpanKind.REPLY, address, headers, began, took(), Accepted.textOf(failure)));
    }

    private long took() {
        return spans.nanos() - began;
    }
}
