package dev.weir.script;

import java.util.function.Predicate;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Source;

/**
 * The one engine of this JVM, made when the first script is deployed and kept: it holds the parsed sources that all contexts
 * share. Making it takes about a second, so never on an event loop.
 */
final class Engines {
    /** The type of sources whose statements are not counted: those of verticles, and ours. ES modules have another one of theirs. */
    static final String UNCOUNTED = "application/javascript";

    /**
     * Which statements count against the limit of a context that has one. Each that counts costs a look at its context, in all
     * contexts of the engine, which verticles should not pay: only functions for flows, and what is given to {@code eval} by
     * anybody, come without a type. An engine wants the same predicate of all its contexts.
     */
    static final Predicate<Source> COUNTED = source -> source.getMimeType() == null;

    /**
     * What scripts may do with objects of ours: call what is exported, and read and write the memory of buffers. An engine takes what
     * its first context says for all, without a word, so all say the same; functions for flows are given no buffer.
     */
    static final HostAccess ACCESS = HostAccess.newBuilder(HostAccess.EXPLICIT)
            .allowBufferAccess(true)
            .methodScoping(false)
            .build();

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
