package dev.weir.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/**
 * The loader's host side: finds modules and compiles them. A module's key is {@code node:NAME} for a core module,
 * {@code webjar:PATH} for a file of an npm package on the class path, else its absolute file. Owned by the script's loop.
 */
final class Modules {
    private static final String MODULE = "application/javascript+module";

    private final Context context;
    private final Resolver resolver;
    private final EsModules imports;
    private final Set<String> files = new HashSet<>();

    Modules(Context context, Resolver resolver, EsModules imports) {
        this.context = context;
        this.resolver = resolver;
        this.imports = imports;
    }

    Resolver resolver() {
        return resolver;
    }

    EsModules imports() {
        return imports;
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

    /** Runs an ES module and all it imports; the promise of its end, or nothing when it is at its end. */
    Value evaluate(String file) {
        imports.main(file);
        try {
            return context.eval(Source.newBuilder("js", Path.of(file).toFile())
                    .name(file)
                    .mimeType(MODULE)
                    .build());
        } catch (PolyglotException failure) {
            throw ScriptErrors.placed(failure);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    String text(String key) {
        if (key.startsWith("webjar:")) {
            return Library.packagedText(key.substring("webjar:".length()));
        }
        files.add(key);
        try {
            return Files.readString(Path.of(key));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The user's files that were read, those that changed meanwhile among them. */
    List<Path> files() {
        List<Path> all = new ArrayList<>();
        files.forEach(file -> all.add(Path.of(file)));
        imports.files().stream().filter(path -> !EsModules.isMade(path)).forEach(file -> all.add(Path.of(file)));
        return all;
    }
}
