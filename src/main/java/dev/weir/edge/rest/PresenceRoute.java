package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.PresenceNews;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.Roster;
import dev.weir.edge.LoopServices;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/addresses/{address}/presence}: who is there, as this node knows it. Owned by its event loop. */
final class PresenceRoute {
    private final LoopServices loop;
    private final Roster roster;

    PresenceRoute(LoopServices loop) {
        this.loop = loop;
        this.roster = loop.edge().roster();
    }

    void handle(RoutingContext routing) {
        loop.gate()
                .principal(routing.request())
                .compose(who -> list(routing, who))
                .map(PresenceNews::toJson)
                .onSuccess(routing::json)
                .onFailure(failure -> {
                    if (failure instanceof Refusal refusal) {
                        loop.edge().counters().refused(refusal.code()).increment();
                    }
                    routing.fail(500, failure);
                });
    }

    private Future<PresenceNews> list(RoutingContext routing, Principal who) {
        String address = routing.pathParam("address");
        Policy policy = loop.edge().authorizer().policyOf(address);
        int limit = limit(routing.request().getParam("limit"));
        return loop.edge()
                .authorizer()
                .check(policy, who, Action.PRESENCE, address, EventHeaders.DEFAULT_TYPE)
                .compose(allowed -> roster.list(address, limit));
    }

    private int limit(@Nullable String text) {
        int most = roster.limits().members();
        if (text == null) {
            return most;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 0 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below like a number out of range.
        }
        throw new Refusal(FailureCode.INVALID_PARAMETER, "limit is a whole number from 0 to " + most);
    }
}
