package dev.weir.edge.bridge;

import dev.weir.bus.AuditTrail;
import dev.weir.bus.AuditTrail.Actor;
import dev.weir.bus.Principal;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.SessionInfo;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** The record of what operators do over the bridge: they may take back what others published for later. Stateless. */
final class Deeds {
    private static final String CANCELLED = "delayed.cancelled";

    private Deeds() {}

    /** Records how it ends when it is an operator who takes an event back. */
    static Future<Void> traced(
            EdgeServices edge, Principal who, SessionInfo session, String address, String id, Future<Void> deed) {
        if (!who.signedIn(edge.clock().millis()) || !who.roles().contains(Principal.OPERATOR)) {
            return deed;
        }
        Actor actor = new Actor(who.sub(), session.remote(), "bridge");
        JsonObject what = new JsonObject().put("address", address).put("id", id);
        return deed.onSuccess(done -> AuditTrail.done(edge.publisher(), actor, CANCELLED, what))
                .onFailure(failure -> AuditTrail.failed(edge.publisher(), actor, CANCELLED, what, failure));
    }
}
