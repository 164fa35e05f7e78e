package dev.weir.script;

import com.oracle.truffle.api.object.DynamicObject;
import dev.weir.bus.Functions.FailedException;
import io.vertx.core.json.Json;
import java.util.function.BiConsumer;
import org.graalvm.polyglot.HostAccess;
import org.jspecify.annotations.Nullable;

/** What functions.js calls: what a function says and what it answers to the call that runs. Owned by the function's thread. */
public final class FunctionHost {
    private final BiConsumer<String, String> log;
    private final DataOut out;
    private boolean answered;
    private @Nullable Object answer;
    private @Nullable String error;

    FunctionHost(BiConsumer<String, String> log, DataOut out) {
        this.log = log;
        this.out = out;
    }

    /** A call begins. */
    void begin() {
        answered = false;
        answer = null;
        error = null;
    }

    /** What it has come to. */
    @Nullable
    Object answer() {
        if (error != null) {
            throw new FailedException(error);
        }
        if (!answered) {
            throw new FailedException(
                    "the promise that the function gave back is never settled: there is nothing to wait"
                            + " for in a script stage; what asks others is a call stage or a verticle");
        }
        return answer;
    }

    /** Writes a line to the log. */
    @HostAccess.Export
    public void line(String level, String text) {
        log.accept(level, text);
    }

    /** Takes an answer as it is; false when only its JSON text says what it is. */
    @HostAccess.Export
    public boolean take(DynamicObject given) {
        Object made = out.convert(given);
        if (made == DataOut.UNKNOWN) {
            return false;
        }
        answered = true;
        answer = made;
        return true;
    }

    /** Takes an answer as JSON text; null for none. */
    @HostAccess.Export
    public void text(@Nullable String json) {
        answered = true;
        answer = json == null ? null : Json.decodeValue(json);
    }

    /** The promise that was the answer was rejected. */
    @HostAccess.Export
    public void failed(String why) {
        error = why;
    }
}
