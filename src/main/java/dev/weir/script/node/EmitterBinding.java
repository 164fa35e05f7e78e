package dev.weir.script.node;

import dev.weir.bus.FailureCode;
import dev.weir.bus.ListenerCounts;
import dev.weir.bus.Refusal;
import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import dev.weir.emitter.Listener;
import dev.weir.event.Event;
import dev.weir.event.EventHeaders;
import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * The emitter of an address for a script: its listeners are kept in JavaScript, here is one ear for all of them, and the way out.
 * Owned by the script's loop. Gives its place on the bus back when the script ends.
 */
public final class EmitterBinding {
    private static final String ERROR = "error";
    private static final String RECOVERED = "recovered";

    private final ScriptHost host;
    private final Settling settling;
    private final Emitter emitter;
    private final LongAdder listeners;
    private int further;
    private Listener<Object> ear = (data, event) -> {};
    private ScriptLoop.@Nullable Handle listening;

    EmitterBinding(ScriptHost host, Emitter emitter) {
        this.host = host;
        this.settling = new Settling(host);
        this.emitter = emitter;
        this.listeners = ListenerCounts.of(host.vertx())
                .at(emitter.address(), host.context().deploymentID());
        host.onClose(emitter::close);
        host.onClose(() -> count(0));
    }

    /**
     * Begins to hear.
     *
     * @param heard gets data, then an object of the other attributes
     * @param failed gets code and message of what nobody waits for
     * @param told gets the name of a local event and its data
     */
    @HostAccess.Export
    public void open(Value heard, Value failed, Value told) {
        listening = host.loop().handle();
        ear = (data, event) -> {
            if (!host.loop().closed()) {
                host.loop().enter(heard, host.values().toJs(data), host.values().toJs(attributes(event)));
            }
        };
        emitter.on(ERROR, (@Nullable Throwable failure, Event event) -> {
            if (failure != null) {
                settling.fail(failed, failure);
            }
        });
        emitter.on(RECOVERED, (@Nullable JsonObject data, Event event) -> host.loop()
                .enter(told, RECOVERED, host.values().toJs(data)));
        emitter.on(Emitter.ALL, ear);
    }

    /** Hears no more. */
    @HostAccess.Export
    public void close() {
        emitter.off(Emitter.ALL, ear);
        emitter.removeAllListeners(ERROR);
        emitter.removeAllListeners(RECOVERED);
        if (listening != null) {
            listening.close();
            listening = null;
        }
    }

    /** How many listeners the script has here beyond the first. */
    @HostAccess.Export
    public void count(int now) {
        listeners.add(now - further);
        further = now;
    }

    /** Whether hearing keeps a program running. */
    @HostAccess.Export
    public void ref(boolean keeps) {
        if (listening != null && keeps) {
            listening.ref();
        } else if (listening != null) {
            listening.unref();
        }
    }

    /** Settles once nothing is missed any more. */
    @HostAccess.Export
    public void ready(Value done) {
        settling.settle(emitter.ready(), done, Settling::nothing);
    }

    /** Emits; the result is the receipt as JSON text. */
    @HostAccess.Export
    public void emit(String type, Value data, @Nullable String options, Value done) {
        settling.settle(
                emitter.emit(type, host.values().toJava(data), checked(options)), done, receipt -> receipt.toJson()
                        .encode());
    }

    /** Asks; the result is the answer. */
    @HostAccess.Export
    public void request(String type, Value data, @Nullable String options, double timeoutMillis, Value done) {
        settling.settle(
                emitter.request(type, host.values().toJava(data), checked(options), (long) Math.max(1, timeoutMillis)),
                done,
                host.values()::toJs);
    }

    /** Counts the listeners of the whole system. */
    @HostAccess.Export
    public void listeners(Value done) {
        settling.settle(emitter.listeners(), done, count -> count);
    }

    /** Takes back an event that is for later. */
    @HostAccess.Export
    public void cancel(String id, Value done) {
        settling.settle(emitter.cancel(id), done, Settling::nothing);
    }

    /** Answers requests: {@code handler(data, attributes, answer)} says what with {@code answer}. */
    @HostAccess.Export
    public void respond(Value handler) {
        listening = host.loop().handle();
        emitter.respond(event -> {
            Promise<Object> answer = Promise.promise();
            host.loop()
                    .enter(
                            handler,
                            host.values().toJs(event.data()),
                            host.values().toJs(attributes(event)),
                            new Answer(host, answer));
            return answer.future();
        });
    }

    /** Ends it for good. */
    @HostAccess.Export
    public void end(Value done) {
        if (listening != null) {
            listening.close();
            listening = null;
        }
        settling.settle(emitter.close(), done, Settling::nothing);
    }

    /** What a script says to one request, once. */
    public static final class Answer {
        private final ScriptHost host;
        private final Promise<Object> answer;

        private Answer(ScriptHost host, Promise<Object> answer) {
            this.host = host;
            this.answer = answer;
        }

        /** It is answered. */
        @HostAccess.Export
        public void succeed(Value data) {
            answer.tryComplete(host.values().toJava(data));
        }

        /** It is refused: with a code of Weir's, with a number of one's own, or as a bug that the asker learns nothing of. */
        @HostAccess.Export
        public void fail(@Nullable String code, int number, String message) {
            FailureCode known = code == null ? null : codeOf(code);
            answer.tryFail(
                    known != null
                            ? new Refusal(known, message)
                            : number != 0
                                    ? new ReplyException(ReplyFailure.RECIPIENT_FAILURE, number, message)
                                    : new Refusal(
                                            FailureCode.RECIPIENT_FAILURE, FailureCode.RECIPIENT_FAILURE.meaning()));
        }

        private static @Nullable FailureCode codeOf(String word) {
            for (FailureCode code : FailureCode.values()) {
                if (code.word().equals(word)) {
                    return code;
                }
            }
            return null;
        }
    }

    private JsonObject attributes(Event event) {
        JsonObject json = new JsonObject()
                .put("id", event.id())
                .put("source", event.source())
                .put("type", event.type())
                .put("address", emitter.addressOf(event))
                .put("time", EventHeaders.formatTime(event.time()));
        if (event.subject() != null) {
            json.put("subject", event.subject());
        }
        if (event.datacontenttype() != null) {
            json.put("datacontenttype", event.datacontenttype());
        }
        JsonObject extensions = new JsonObject();
        event.extensions().forEach((name, value) -> {
            switch (name) {
                case "weiroffset" -> json.put("offset", Long.parseLong(value));
                case "weirepoch" -> json.put("epoch", value);
                case "weiraddress" -> {}
                default -> extensions.put(name, value);
            }
        });
        return json.put("extensions", extensions);
    }

    private EmitOptions checked(@Nullable String options) {
        try {
            return options == null ? EmitOptions.NONE : options(new JsonObject(options));
        } catch (IllegalArgumentException | ClassCastException wrong) {
            throw host.error("TypeError", null, String.valueOf(wrong.getMessage()));
        }
    }

    private static @Nullable String text(JsonObject json, String name) {
        Object value = json.getValue(name);
        return value == null ? null : String.valueOf(value);
    }

    private static EmitOptions options(JsonObject json) {
        EmitOptions options = EmitOptions.NONE;
        String key = text(json, json.containsKey("subject") ? "subject" : "key");
        if (key != null) {
            options = options.withKey(key);
        }
        String id = text(json, "id");
        if (id != null) {
            options = options.withId(id);
        }
        String time = text(json, "time");
        if (time != null) {
            options = options.withTime(EventHeaders.parseTime(time));
        }
        for (var extension : json.getJsonObject("extensions", new JsonObject())) {
            options = options.with(extension.getKey(), String.valueOf(extension.getValue()));
        }
        String at = text(json, "deliverAt");
        if (at != null) {
            options = options.deliverAt(EventHeaders.parseTime(at));
        }
        Object after = json.getValue("deliverAfter");
        if (after != null) {
            options = options.deliverAfter(
                    after instanceof Number millis
                            ? Duration.ofNanos((long) Math.ceil(millis.doubleValue()) * 1_000_000)
                            : dev.weir.time.Durations.parse(String.valueOf(after)));
        }
        return Boolean.TRUE.equals(json.getValue("trace")) ? options.traced() : options;
    }
}
