package dev.weir.source;

import dev.weir.bus.Position;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What an {@link Input} may use. Its methods are called on the input's event loop, but for {@link #run}. */
public interface InputContext extends SourceContext {
    /**
     * One event.
     *
     * @param type of the event
     * @param key its subject, null for none
     * @param data a JSON value, handed over: the input does not keep it
     * @param at the position behind it, from which {@link Input#start(InputContext, Position)} gives exactly what follows; null when
     *     it has none. The epoch names the incarnation of what is read, the offset how far it was read
     */
    void emit(String type, @Nullable String key, @Nullable Object data, @Nullable Position at);

    @Override
    default void emit(String type, JsonObject data) {
        emit(type, null, data, null);
    }

    /**
     * Something could not be read: counted and reported. The input goes on behind it.
     *
     * @param place where, as in {@code /data/a.csv:17}
     * @param error what is wrong and how to mend it
     * @param at the position behind it, null when it has none
     */
    void bad(String place, String error, @Nullable Position at);

    /** Nothing more will come: what was to be read was read. */
    void end();

    /** Nothing more can come, and why. Unless somebody knows better it is as something bad and then the end. */
    default void fail(String place, String error) {
        bad(place, error, null);
        end();
    }

    /** For clients of other servers. */
    Vertx vertx();
}
