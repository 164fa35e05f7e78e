package dev.weir.observe.tap;

import dev.weir.bus.Bodies;
import dev.weir.bus.KeptEvent;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import dev.weir.expression.Fields;
import dev.weir.expression.Scope;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as a tap saw it: nobody changes it any more. The variable {@code event} of filters, which read it as flows do. Immutable.
 *
 * @param at when it was seen, in milliseconds since 1970
 * @param via {@code publish}, {@code send}, {@code request} or {@code kept}
 * @param kept where it is kept; null when that is nowhere
 * @param body its data where it is not kept
 */
record Sight(
        String address,
        long at,
        String via,
        MultiMap headers,
        @Nullable KeptEvent kept,
        @Nullable Object body) implements Scope, Fields {
    private static final List<String> NAMES =
            List.of("data", "id", "source", "type", "subject", "key", "time", "address");

    /** What goes over the bus, copied. */
    static Sight of(Message<?> message, @Nullable Object body, long at) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(message.headers());
        String via = message.replyAddress() != null ? "request" : message.isSend() ? "send" : "publish";
        return new Sight(message.address(), at, via, headers, null, Bodies.copy(body));
    }

    /** What is kept never changes. */
    static Sight of(String address, KeptEvent kept, long at) {
        return new Sight(address, at, "kept", kept.headers(), kept, null);
    }

    /** Its data, a JSON value or bytes; anything else where a verticle sent an object of its own. */
    @Nullable
    Object data() {
        return kept == null ? body : kept.body();
    }

    @Override
    public @Nullable Object variable(int slot) {
        return this;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "data" -> data();
            case "type" ->
                headers.contains(EventHeaders.TYPE) ? headers.get(EventHeaders.TYPE) : EventHeaders.DEFAULT_TYPE;
            case "key", "subject" -> headers.get(EventHeaders.SUBJECT);
            case "address" -> address;
            case "time" -> time();
            default -> headers.get(EventHeaders.headerOf(name.toLowerCase(Locale.ROOT)));
        };
    }

    private @Nullable Object time() {
        String text = headers.get(EventHeaders.TIME);
        try {
            return text == null ? null : EventHeaders.parseTime(text);
        } catch (InvalidEventException badTime) {
            return text;
        }
    }

    @Override
    public boolean has(String name) {
        return field(name) != null;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(NAMES);
        for (Map.Entry<String, String> header : headers) {
            String attribute = EventHeaders.attributeOf(header.getKey());
            if (attribute != null && !names.contains(attribute)) {
                names.add(attribute);
            }
        }
        return names;
    }
}
