package dev.weir.script;

import com.oracle.truffle.js.runtime.JSRealm;
import dev.weir.bus.Functions;
import dev.weir.bus.Functions.FailedException;
import dev.weir.bus.Functions.LimitException;
import dev.weir.bus.Functions.Limits;
import io.vertx.core.json.JsonObject;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** A function with a context of its own, which is made anew after a call that ran too many statements. Owned by one thread. */
final class ScriptFunction implements Functions.Callable {
    private final Supplier<Context> contexts;
    private final Source source;
    private final Limits limits;
    private final BiConsumer<String, String> log;
    private Opened opened;

    /** The function in a context. */
    private record Opened(Context context, FunctionHost host, DataIn in, Value caller, CallLimit watched) {
        static Opened of(Context fresh, Source source, Limits limits, BiConsumer<String, String> log) {
            fresh.initialize("js");
            JSRealm realm = Values.realm(fresh);
            FunctionHost host = new FunctionHost(log, new DataOut(realm));
            Value caller = ScriptFunctions.caller(fresh).execute(host).execute(fresh.eval(source));
            return new Opened(fresh, host, new DataIn(realm), caller, CallLimit.of(fresh, limits.time()));
        }

        void call(JsonObject event, JsonObject surroundings) {
            host.begin();
            caller.executeVoid(given(event), given(surroundings));
        }

        private Object given(JsonObject json) {
            Object made = in.convert(json);
            return made == DataIn.UNKNOWN ? json.encode() : made;
        }

        void close() {
            watched.close();
            context.close(true);
        }
    }

    ScriptFunction(Supplier<Context> contexts, Source source, Limits limits, BiConsumer<String, String> log) {
        this.contexts = contexts;
        this.source = source;
        this.limits = limits;
        this.log = log;
        this.opened = Opened.of(contexts.get(), source, limits, log);
    }

    @Override
    public @Nullable Object call(JsonObject event, JsonObject surroundings) {
        Opened now = opened;
        now.context.resetLimits();
        now.watched.begin();
        try {
            now.call(event, surroundings);
        } catch (PolyglotException failure) {
            throw failed(failure);
        } finally {
            now.watched.end();
        }
        return now.host.answer();
    }

    private RuntimeException failed(PolyglotException failure) {
        if (failure.isResourceExhausted() || failure.isCancelled()) {
            renew();
            return new FailedException("the function ran more than " + limits.statements()
                    + " statements for one event; raise `statements` if that is right");
        }
        if (failure.isInterrupted()) {
            return new LimitException("the function ran longer than "
                    + limits.time().toMillis() + " ms for one event; raise `time` if that is right");
        }
        return new FailedException(brief(ScriptErrors.describe(failure)));
    }

    /** What is wrong and where, without the calls in between. */
    private static String brief(String stack) {
        return stack.lines().limit(2).map(String::strip).collect(Collectors.joining(" "));
    }

    private void renew() {
        opened.close();
        opened = Opened.of(contexts.get(), source, limits, log);
    }

    @Override
    public void close() {
        opened.close();
    }
}
