package dev.weir.script.node;

import dev.weir.bus.Refusal;
import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.util.function.Function;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Brings what becomes of a future into a script: calls {@code done(code, message, result, number)} as one macro task, with a code when it
 * failed: the word of a {@link Refusal}, {@code recipient_failure} with the number of a {@code ReplyException}, {@code failed}.
 * While it is waited for a program goes on. Owned by the script's loop.
 */
final class Settling {
    private final ScriptHost host;

    Settling(ScriptHost host) {
        this.host = host;
    }

    <T> void settle(Future<T> future, Value done, Function<T, @Nullable Object> toJs) {
        ScriptLoop.Handle handle = host.loop().handle();
        future.onComplete(ended -> {
            handle.close();
            if (host.loop().closed()) {
                return;
            }
            if (ended.succeeded()) {
                host.loop().enter(done, null, null, toJs.apply(ended.result()), 0);
            } else {
                fail(done, ended.cause());
            }
        });
    }

    void fail(Value function, Throwable failure) {
        int number = failure instanceof ReplyException reply ? reply.failureCode() : 0;
        host.loop().enter(function, codeOf(failure), String.valueOf(failure.getMessage()), null, number);
    }

    static String codeOf(Throwable failure) {
        return failure instanceof Refusal refusal
                ? refusal.code().word()
                : failure instanceof ReplyException reply
                        ? switch (reply.failureType()) {
                            case NO_HANDLERS -> "no_handlers";
                            case TIMEOUT -> "timeout";
                            case RECIPIENT_FAILURE -> "recipient_failure";
                            case ERROR -> "unavailable";
                        }
                        : "failed";
    }

    static @Nullable Object nothing(@Nullable Object result) {
        return null;
    }
}
