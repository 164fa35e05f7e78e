package dev.weir.edge.rest;

import dev.weir.bus.Delay;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Origin;
import dev.weir.bus.Position;
import dev.weir.bus.Principal;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.edge.Cors;
import dev.weir.edge.LoopServices;
import dev.weir.edge.Parameters;
import dev.weir.edge.ProblemResponses;
import dev.weir.edge.SecurityHeaders;
import dev.weir.event.EventHeaders;
import dev.weir.event.Incoming;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.net.RFC3986;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/addresses/{address}/events}. The route that must be fast: it is asked ahead of the router, parses its path by
 * hand, and answers a publish without leaving the event loop. Owned by that loop.
 */
final class PublishRoute implements Predicate<HttpServerRequest> {
    static final String PREFIX = "/v1/addresses/";
    static final String SUFFIX = "/events";

    private static final List<String> PARAMETERS = Parameters.of("POST /v1/addresses/:address/events");
    private static final Logger LOG = LoggerFactory.getLogger(PublishRoute.class);
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private final LoopServices loop;
    private final Cors cors;

    PublishRoute(LoopServices loop, Cors cors) {
        this.loop = loop;
        this.cors = cors;
    }

    @Override
    public boolean test(HttpServerRequest request) {
        String path = request.path();
        if (!request.method().equals(HttpMethod.POST)
                || path == null
                || !path.startsWith(PREFIX)
                || !path.endsWith(SUFFIX)
                || path.length() <= PREFIX.length() + SUFFIX.length()) {
            return false;
        }
        String address = path.substring(PREFIX.length(), path.length() - SUFFIX.length());
        if (address.indexOf('/') >= 0) {
            return false;
        }
        SecurityHeaders.ofData(request.response());
        if (!cors.answered(request, request.response())) {
            publish(request, address);
        }
        return true;
    }

    private void publish(HttpServerRequest request, String encodedAddress) {
        String busy = loop.edge().admission().busy();
        if (busy != null) {
            refuse(request.response(), new Refusal(FailureCode.BUSY, busy));
            return;
        }
        Refusal unknown = request.query() == null ? null : Parameters.refusal(request.params(), PARAMETERS);
        if (unknown != null) {
            loop.edge().counters().refused(unknown.code()).increment();
            refuse(request.response(), unknown);
            return;
        }
        Future<Buffer> body = Bodies.read(request, loop);
        Future<Principal> known = loop.gate().principal(request);
        body.compose(bytes -> known.compose(who -> {
                    String address = decoded(encodedAddress);
                    return Operators.traced(
                            loop, request, who, address, accept(request, address, who, bytes), Receipts::ids);
                }))
                .onSuccess(receipts -> request.response()
                        .setStatusCode(status(receipts.list()))
                        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                        .end(receipts.body()))
                .onFailure(failure -> refuse(request.response(), failure));
    }

    private Future<Receipts> accept(HttpServerRequest request, String address, Principal who, Buffer body) {
        Origin origin = HttpOrigin.of(loop.gate(), request, who);
        EventRequests.Events events;
        try {
            events = EventRequests.read(request, body);
        } catch (Refusal refusal) {
            loop.edge().counters().refused(refusal.code()).increment();
            throw refusal;
        }
        if (events.batch()) {
            return loop.edge()
                    .publisher()
                    .publishAll(origin, address, events.list())
                    .map(receipts -> new Receipts(receipts, true));
        }
        Incoming event = events.list().get(0);
        return loop.edge()
                .publisher()
                .publish(origin, address, event.headers(), event.data(), event.bytes())
                .map(receipt -> new Receipts(List.of(receipt), false));
    }

    /** Accepted, kept now, or known before. */
    private static int status(List<Receipt> receipts) {
        if (receipts.isEmpty()) {
            return 202;
        }
        if (receipts.stream().allMatch(Receipt::repeated)) {
            return 200;
        }
        return receipts.get(0).kept() == null ? 202 : 201;
    }

    /** What the producer is told. */
    private record Receipts(List<Receipt> list, boolean batch) {
        /** For the record. */
        String ids() {
            return list.stream().map(Receipt::id).collect(Collectors.joining(", "));
        }

        Buffer body() {
            return batch ? ofBatch() : ofOne(list.get(0));
        }

        private static Buffer ofOne(Receipt receipt) {
            return receipt.toJson().toBuffer();
        }

        private Buffer ofBatch() {
            JsonArray ids = new JsonArray();
            JsonArray offsets = new JsonArray();
            JsonArray times = new JsonArray();
            String epoch = null;
            for (Receipt receipt : list) {
                ids.add(receipt.id());
                if (receipt.deliverAt() != null) {
                    times.add(EventHeaders.formatTime(receipt.deliverAt()));
                }
                Position kept = receipt.kept();
                if (kept != null) {
                    epoch = kept.epoch();
                    offsets.add(kept.offset());
                }
            }
            JsonObject answer = new JsonObject().put("ids", ids);
            if (!times.isEmpty()) {
                answer.put(Delay.AT, times);
            }
            return (epoch == null ? answer : answer.put("epoch", epoch).put("offsets", offsets)).toBuffer();
        }
    }

    private static String decoded(String address) {
        if (address.indexOf('%') < 0) {
            return address;
        }
        try {
            return RFC3986.decodeURIComponent(address, false);
        } catch (IllegalArgumentException notEncoded) {
            throw new Refusal(FailureCode.UNKNOWN_ADDRESS, "the address in the path is not percent-encoded correctly");
        }
    }

    private static void refuse(HttpServerResponse response, Throwable failure) {
        if (response.closed()) {
            return;
        }
        if (!(failure instanceof Refusal)) {
            LOG.error("a publish failed", failure);
        }
        Refusal refusal = failure instanceof Refusal known ? known : new Refusal(FailureCode.UNAVAILABLE);
        ProblemResponses.answer(response, refusal.code().httpStatus(), refusal);
    }
}
