package dev.weir.edge.rest;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Kept;
import dev.weir.bus.KeptJson;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import dev.weir.edge.TypeFilter;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/addresses/{address}/events}: what is kept of a journaled address, page by page. Owned by its event loop. */
final class HistoryRoute {
    private static final int LIMIT = 100;
    private static final int MOST = 1_000;

    private final LoopServices loop;

    HistoryRoute(LoopServices loop) {
        this.loop = loop;
    }

    void handle(RoutingContext routing) {
        loop.gate()
                .principal(routing.request())
                .compose(who -> page(routing, who))
                .onSuccess(routing::json)
                .onFailure(failure -> {
                    if (failure instanceof Refusal refusal) {
                        loop.edge().counters().refused(refusal.code()).increment();
                    }
                    routing.fail(500, failure);
                });
    }

    private Future<JsonObject> page(RoutingContext routing, Principal who) {
        String address = routing.pathParam("address");
        if (Addresses.isPattern(address)) {
            throw new Refusal(FailureCode.UNKNOWN_ADDRESS, "a pattern is a way to subscribe, not an address");
        }
        Policy policy = loop.edge().authorizer().policyOf(address);
        String text = routing.request().getParam("since");
        Position since = Position.parse(text);
        if (text != null && since == null) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "since is not a position: write it as <epoch>:<offset>");
        }
        Span span = Span.of(routing.request());
        int limit = limit(routing.request().getParam("limit"));
        Set<String> types = TypeFilter.of(routing.request());
        return loop.edge()
                .authorizer()
                .check(policy, who, Action.HISTORY, address, EventHeaders.DEFAULT_TYPE)
                .compose(allowed -> read(address, policy, since, span, types, limit));
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below like a number out of range.
        }
        throw new Refusal(FailureCode.INVALID_PARAMETER, "limit is a whole number from 1 to " + MOST);
    }

    private Future<JsonObject> read(
            String address, Policy policy, @Nullable Position since, Span span, Set<String> types, int limit) {
        Journal journal = loop.edge().publisher().journal();
        if (journal == null || policy.keep() == null) {
            return Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE));
        }
        return journal.head(address, policy.keep()).compose(head -> {
            if (since != null && (!since.epoch().equals(head.epoch()) || since.offset() > head.head())) {
                throw new Refusal(FailureCode.EPOCH_CHANGED);
            }
            long first = policy.keepsValues() ? 0 : head.floor();
            long begin = since == null ? first : since.offset();
            return span.find(journal, address).compose(found -> {
                long from = Math.max(begin, found.after());
                HistorySearch search = new HistorySearch(journal, address, types, limit, found.until());
                return search.page(from).map(page -> {
                    // Where only the newest of each key is kept, the floor is no end of what is kept.
                    if (!policy.keepsValues() && from == begin) {
                        checkFloor(since, page.head());
                    }
                    return describe(page);
                });
            });
        });
    }

    private static void checkFloor(@Nullable Position since, Head head) {
        if (since != null && since.offset() < head.floor()) {
            throw new Refusal(
                    FailureCode.TRIMMED,
                    "events up to " + new Position(head.epoch(), head.floor()) + " were deleted; ask without since");
        }
    }

    private static JsonObject describe(Kept page) {
        JsonArray events = new JsonArray();
        page.events().forEach(event -> events.add(KeptJson.of(event)));
        String epoch = page.head().epoch();
        return new JsonObject()
                .put("epoch", epoch)
                .put("from", page.from())
                .put("to", page.to())
                .put("next", new Position(epoch, page.to()).toString())
                .put("events", events);
    }
}
