package dev.weir.script;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.graalvm.polyglot.Source;

/** Puts the text of a CommonJS module into the function that gives it its variables. Its lines stay where they are. Stateless. */
final class Wrapper {
    private static final String HEAD = "(function (exports, require, module, __filename, __dirname";
    private static final String USER = HEAD + ") { ";

    private Wrapper() {}

    /** A module of the library, which reaches its host binding too. */
    static Source core(String text, String name) {
        return source(HEAD + ", binding) { " + text + "\n})", name);
    }

    /** A module of a user, which is called {@code path}. */
    static Source user(String text, String path) {
        String plain = text.startsWith("#!") ? "//" + text : text;
        try {
            // With its file, so that what it imports is looked for from there.
            return Source.newBuilder("js", new File(path))
                    .content(USER + plain + "\n})")
                    .name(path)
                    .mimeType(Engines.UNCOUNTED)
                    .build();
        } catch (IOException never) {
            throw new UncheckedIOException("its text is given", never);
        }
    }

    /** How many characters the first line of a user's module has before its own. */
    static int shift(Source source) {
        return source.getCharacters().toString().startsWith(USER) ? USER.length() : 0;
    }

    private static Source source(String text, String name) {
        return Source.newBuilder("js", text, name).mimeType(Engines.UNCOUNTED).buildLiteral();
    }
}
