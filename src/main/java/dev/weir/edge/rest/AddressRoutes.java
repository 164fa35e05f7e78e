package dev.weir.edge.rest;

import dev.weir.bus.Authorizer;
import dev.weir.bus.Journal;
import dev.weir.bus.Listeners;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.edge.LoopServices;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which addresses are in use, for whoever may subscribe to them. Owned by its event loop. */
final class AddressRoutes {
    private static final SortedMap<String, Listeners> NOWHERE = Collections.unmodifiableSortedMap(new TreeMap<>());

    private final LoopServices loop;

    AddressRoutes(LoopServices loop) {
        this.loop = loop;
    }

    /** {@code GET /v1/addresses}. */
    void list(RoutingContext routing) {
        loop.gate()
                .principal(routing.request())
                .compose(who -> listeners(null).compose(found -> visible(found, who)))
                .map(found -> new JsonObject().put("addresses", found))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** {@code GET /v1/addresses/{address}}. */
    void one(RoutingContext routing) {
        String address = routing.pathParam("address");
        loop.gate()
                .principal(routing.request())
                .compose(who -> mayListen(who, address)
                        .compose(allowed -> listeners(address))
                        .map(found -> Listeners.describe(address, found.getOrDefault(address, NOWHERE)))
                        .compose(described -> weighed(who, address, described)))
                .onSuccess(routing::json)
                .onFailure(failure -> routing.fail(500, failure));
    }

    /** Viewers learn how much is kept as well, where the journal can tell. */
    private Future<JsonObject> weighed(Principal who, String address, JsonObject described) {
        Publisher publisher = loop.edge().publisher();
        Journal journal = publisher.journal();
        if (journal == null || publisher.keepOf(address) == null || !Operators.isViewer(loop, who)) {
            return Future.succeededFuture(described);
        }
        return journal.size(address).otherwise(Optional.empty()).map(size -> {
            size.ifPresent(found -> described.put(
                    "kept",
                    new JsonObject()
                            .put("bytes", found.bytes())
                            .put("counted", found.counted())
                            .put("all", found.all())));
            return described;
        });
    }

    private Future<Void> mayListen(Principal who, String address) {
        Authorizer authorizer = loop.edge().authorizer();
        Policy policy = authorizer.policyOf(address);
        return Operators.isViewer(loop, who)
                ? Future.succeededFuture()
                : authorizer.check(policy, who, Action.SUBSCRIBE, address, EventHeaders.DEFAULT_TYPE);
    }

    /** By address and node, of one address when it is given. Every node answers out of its memory. */
    private Future<SortedMap<String, SortedMap<String, Listeners>>> listeners(@Nullable String address) {
        JsonObject query = address == null ? new JsonObject() : new JsonObject().put("address", address);
        return loop.edge().cluster().ask(LocalAnswers.LISTENERS, query).map(Listeners::byAddress);
    }

    private Future<JsonArray> visible(SortedMap<String, SortedMap<String, Listeners>> found, Principal who) {
        List<Future<Boolean>> checks = new ArrayList<>();
        for (String address : found.keySet()) {
            checks.add(maySee(who, address));
        }
        return Future.all(checks).map(done -> {
            JsonArray shown = new JsonArray();
            int i = 0;
            for (Map.Entry<String, SortedMap<String, Listeners>> each : found.entrySet()) {
                if (checks.get(i++).result()) {
                    shown.add(Listeners.describe(each.getKey(), each.getValue()));
                }
            }
            return shown;
        });
    }

    private Future<Boolean> maySee(Principal who, String address) {
        try {
            return mayListen(who, address).map(true).otherwise(false);
        } catch (Refusal undeclaredSinceTheReload) {
            return Future.succeededFuture(false);
        }
    }
}
