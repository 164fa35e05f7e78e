package dev.weir.bus;

import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of what those did who look after nodes: an event on {@code weir.audit} and a line in the log for each deed, also for one
 * that was refused. The event's type is the action, its data says who, from where, what, and what became of it. Stateless.
 */
public final class AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final Origin ORIGIN = Origin.node("audit");

    private AuditTrail() {}

    /**
     * Who acts.
     *
     * @param by the subject, null when nobody knows
     * @param from network address of the client, null when it is none
     * @param via http, bridge, console or signal
     */
    public record Actor(@Nullable String by, @Nullable String from, String via) {}

    /** It was done. */
    public static void done(Publisher publisher, Actor actor, String action, JsonObject what) {
        tell(publisher, action, of(actor, "done", what));
    }

    /** It was done, and is in the record once this completes, or in the log alone; never fails. */
    public static Future<Void> recorded(Publisher publisher, Actor actor, String action, JsonObject what) {
        return tell(publisher, action, of(actor, "done", what)).<Void>mapEmpty().otherwiseEmpty();
    }

    /** It was not done, because it was refused or did not work. */
    public static void failed(Publisher publisher, Actor actor, String action, JsonObject what, Throwable why) {
        JsonObject data = why instanceof Refusal refusal
                ? of(actor, "refused", what).put("code", refusal.code().word())
                : of(actor, "failed", what);
        tell(publisher, action, data.put("message", String.valueOf(why.getMessage())));
    }

    private static JsonObject of(Actor actor, String outcome, JsonObject what) {
        JsonObject data = new JsonObject().put("by", actor.by());
        if (actor.from() != null) {
            data.put("from", actor.from());
        }
        return data.put("via", actor.via()).put("outcome", outcome).put("what", what.copy());
    }

    private static Future<Receipt> tell(Publisher publisher, String action, JsonObject data) {
        String text = Redaction.text(data.encode());
        LOG.info("{}: {}", action, text);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(EventHeaders.TYPE, action);
        return publisher
                .publish(ORIGIN, Addresses.AUDIT, headers, data, text.length())
                .onFailure(failure -> LOG.warn("{} is on this line only: {}", action, FailureText.of(failure)));
    }
}
