package dev.weir.flow.sink;

import dev.weir.event.ContentMode;
import dev.weir.event.Event;
import dev.weir.event.EventHeaders;
import dev.weir.event.HttpBinary;
import dev.weir.event.JsonFormat;
import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keys;
import dev.weir.time.Clock;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as a webhook sends it: a CloudEvent over HTTP.
 *
 * @param id the same whenever the same event is sent, also after a restart, and another for other content
 * @param headers of the request
 */
record WebhookMessage(String id, MultiMap headers, Buffer body) {
    private static final int ID_BYTES = 16;

    /** Who sent the event to Weir is nobody's business outside. */
    private static final List<String> PRIVATE = List.of("authid", "authtype", "weirsession");

    /** @param eventId what the event's id becomes; null for the id it came with */
    static WebhookMessage of(FlowEvent event, ContentMode mode, @Nullable Expression eventId, Clock clock) {
        MultiMap attributes =
                MultiMap.caseInsensitiveMultiMap().addAll(event.arrival().headers());
        PRIVATE.forEach(name -> attributes.remove(EventHeaders.headerOf(name)));
        attributes.set(EventHeaders.TYPE, event.type());
        String key = event.key();
        if (key == null || key.isEmpty()) {
            attributes.remove(EventHeaders.SUBJECT);
        } else {
            attributes.set(EventHeaders.SUBJECT, key);
        }
        if (eventId != null) {
            attributes.set(EventHeaders.ID, Keys.of(eventId.evaluate(event)));
        }
        Event sent = EventHeaders.fromMessage("/flows", clock::now, attributes, event.data());
        MultiMap headers = HttpHeaders.headers();
        Buffer body;
        if (mode == ContentMode.STRUCTURED) {
            body = JsonFormat.encode(sent);
            headers.set(HttpHeaders.CONTENT_TYPE, JsonFormat.MEDIA_TYPE);
        } else {
            body = HttpBinary.encode(sent, headers);
        }
        return new WebhookMessage(digest(sent), headers, body);
    }

    private static String digest(Event sent) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha.digest(
                    JsonFormat.encode(sent.toBuilder().time(Instant.EPOCH).build())
                            .getBytes());
            return "evt_" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
