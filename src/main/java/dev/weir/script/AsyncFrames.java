package dev.weir.script;

import com.oracle.truffle.api.object.DynamicObject;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.JSAgent;
import com.oracle.truffle.js.runtime.Symbol;
import com.oracle.truffle.js.runtime.objects.AsyncContext;
import org.graalvm.polyglot.HostAccess;
import org.jspecify.annotations.Nullable;

/**
 * What async_hooks.js keeps for the code that runs. The engine remembers it where a promise is waited for and gives it back to what then
 * runs, for its own proposal of an {@code AsyncContext}, whether scripts see that or not. Owned by the script's loop.
 */
public final class AsyncFrames {
    private static final Symbol KEY = Symbol.create(TruffleString.fromConstant("frame", TruffleString.Encoding.UTF_16));

    private final JSAgent agent;

    AsyncFrames(JSAgent agent) {
        this.agent = agent;
    }

    /** What was set; null before. */
    @HostAccess.Export
    public @Nullable Object get() {
        return agent.getAsyncContextMapping().getOrDefault(KEY, null);
    }

    /** Sets what the code has that runs from here on, and what follows from it. */
    @HostAccess.Export
    public void set(DynamicObject frame) {
        agent.asyncContextSwap(AsyncContext.empty().withMapping(KEY, frame));
    }
}
