package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which host binding has which name. Stateless; a binding is made once per script, when a core module asks for it first. */
public final class Bindings {
    private static final Map<String, Function<ScriptHost, Object>> ALL = Map.ofEntries(
            Map.entry("async", host -> host.values().frames()),
            Map.entry("buffer", BufferBinding::new),
            Map.entry("console", ConsoleBinding::new),
            Map.entry("crypto", host -> new CryptoBinding()),
            Map.entry("fs", FsBinding::new),
            Map.entry("http", HttpBinding::new),
            Map.entry("process", ProcessBinding::new),
            Map.entry("vertx", VertxBinding::new),
            Map.entry("weir", WeirBinding::new),
            Map.entry("ws", WsBinding::new));

    private Bindings() {}

    /** The binding called {@code name}, null when there is none. */
    public static @Nullable Object make(String name, ScriptHost host) {
        Function<ScriptHost, Object> maker = ALL.get(name);
        return maker == null ? null : maker.apply(host);
    }
}
