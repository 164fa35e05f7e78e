package dev.weir.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/**
 * The loader's host side: finds modules and compiles them. A module's key is {@code node:NAME} for a core module,
 * {@code webjar:PATH} for a file of an npm package on the class path, else its absolute file. Owned by the script's loop.
 */
final class Modules {
    private final Context context;
    private final Resolver resolver;

    Modules(Context context, Resolver resolver) {
        this.context = context;
        this.resolver = resolver;
    }

    Resolver resolver() {
        return resolver;
    }

    /** The wrapper function of a module. */
    Value compile(String key) {
        Source source = Resolver.isFile(key)
                ? Wrapper.user(text(key), key)
                : Library.wrapped(key).orElseThrow(() -> new IllegalStateException("no module " + key));
        try {
            return context.eval(source);
        } catch (PolyglotException failure) {
            throw ScriptErrors.placed(failure);
        }
    }

    String text(String key) {
        if (key.startsWith("webjar:")) {
            return Library.packagedText(key.substring("webjar:".length()));
        }
        try {
            return Files.readString(Path.of(key));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
