package dev.weir.script;

import org.graalvm.polyglot.Engine;

/**
 * The one engine of this JVM, made when the first script is deployed and kept: it holds the parsed sources that all contexts
 * share. Making it takes about a second, so never on an event loop.
 */
final class Engines {
    private Engines() {}

    static Engine shared() {
        return Shared.ENGINE;
    }

    /** Loading this class makes the engine: once, whoever comes first, the others wait. */
    private static final class Shared {
        static final Engine ENGINE = Engine.newBuilder("js")
                // A stock JDK has no compiler for it; that is known and said in docs/scripts.md.
                .option("engine.WarnInterpreterOnly", "false")
                .build();
    }
}
