package dev.weir.script;

import dev.weir.bus.Functions;
import dev.weir.bus.Functions.FailedException;
import dev.weir.bus.Functions.LimitException;
import dev.weir.bus.Functions.Limits;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** A function with a context of its own, which is made anew after a call that ran too many statements. Owned by one thread. */
final class ScriptFunction implements Functions.Callable {
    private final Supplier<Context> contexts;
    private final Source source;
    private final Limits limits;
    private final Log log;
    private Context context;
    private Value caller;
    private CallLimit watched;

    /** What functions.js calls to write to the log. */
    public static final class Log {
        private final BiConsumer<String, String> to;

        Log(BiConsumer<String, String> to) {
            this.to = to;
        }

        /** Writes a line. */
        @HostAccess.Export
        public void line(String level, String text) {
            to.accept(level, text);
        }
    }

    ScriptFunction(Supplier<Context> contexts, Source source, Limits limits, BiConsumer<String, String> log) {
        this.contexts = contexts;
        this.source = source;
        this.limits = limits;
        this.log = new Log(log);
        this.context = contexts.get();
        this.caller = begin(context);
        this.watched = CallLimit.of(context);
    }

    private Value begin(Context fresh) {
        Value made = ScriptFunctions.caller(fresh).execute(log);
        return made.execute(fresh.eval(source));
    }

    @Override
    public @Nullable Object call(JsonObject event, JsonObject surroundings) {
        context.resetLimits();
        watched.begin(limits.time());
        try {
            return answer(caller.execute(event.encode(), surroundings.encode()));
        } catch (PolyglotException failure) {
            throw failed(failure);
        } finally {
            watched.end();
        }
    }

    private static @Nullable Object answer(Value given) {
        if (given.isNull()) {
            return null;
        }
        if (given.isString()) {
            return Json.decodeValue(given.asString());
        }
        // A promise: its jobs have run when the call is back.
        Value error = given.getMember("error");
        if (!error.isNull()) {
            throw new FailedException(error.asString());
        }
        if (!given.getMember("done").asBoolean()) {
            throw new FailedException(
                    "the promise that the function gave back is never settled: there is nothing to wait"
                            + " for in a script stage; what asks others is a call stage or a verticle");
        }
        Value value = given.getMember("value");
        return value.isNull() ? null : Json.decodeValue(value.asString());
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
        close();
        context = contexts.get();
        caller = begin(context);
        watched = CallLimit.of(context);
    }

    @Override
    public void close() {
        watched.close();
        context.close(true);
    }
}
