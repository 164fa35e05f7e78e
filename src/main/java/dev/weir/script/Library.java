package dev.weir.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Source;

/**
 * JavaScript on the class path: core modules and npm packages out of WebJars. Read once per JVM; the sources stay, so that the
 * engine parses each only once. Thread-safe.
 */
final class Library {
    private static final String LIB = "/dev/weir/script/lib/";
    private static final Pattern CORE = Pattern.compile("[a-z0-9_-]+(/[a-z0-9_-]+)*");
    private static final String WEBJARS = "/META-INF/resources/webjars/";
    private static final Map<String, Source> SOURCES = new ConcurrentHashMap<>();
    private static final Map<String, String> VERSIONS = new ConcurrentHashMap<>();

    private Library() {}

    /** Whether there is a core module called {@code name}. */
    static boolean hasCore(String name) {
        return CORE.matcher(name).matches() && wrapped("node:" + name).isPresent();
    }

    /** Whether there is a file {@code path} in an npm package, whose name it begins with. */
    static boolean hasPackaged(String path) {
        return Library.class.getResource(webjar(path)) != null;
    }

    /** The source of a module, wrapped in a function; empty when there is none. */
    static Optional<Source> wrapped(String key) {
        // What is not there is not remembered: names are the users', and without number.
        return Optional.ofNullable(SOURCES.computeIfAbsent(key, wanted -> read(resource(wanted))
                .map(text -> Wrapper.core(text, wanted))
                .orElse(null)));
    }

    /** Another script of ours, as it is. */
    static Source own(String name) {
        return SOURCES.computeIfAbsent("own:" + name, wanted -> read("/dev/weir/script/" + name)
                .map(text -> Source.newBuilder("js", text, "weir:" + name)
                        .internal(true)
                        .mimeType(Engines.UNCOUNTED)
                        .buildLiteral())
                .orElseThrow(() -> new IllegalStateException(name + " is missing from this build")));
    }

    /** The text of a file in an npm package. */
    static String packagedText(String path) {
        return read(webjar(path)).orElseThrow(() -> new IllegalStateException("no " + path));
    }

    private static String resource(String key) {
        return key.startsWith("node:") ? LIB + key.substring(5) + ".js" : webjar(key.substring("webjar:".length()));
    }

    private static String webjar(String path) {
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        return WEBJARS + name + "/" + version(name) + (slash < 0 ? "" : path.substring(slash));
    }

    /** The version of a package, as its jar says; nothing is found of a package that is not there. */
    private static String version(String name) {
        return VERSIONS.computeIfAbsent(
                name, wanted -> read("/META-INF/maven/org.webjars.npm/" + wanted + "/pom.properties")
                        .map(Library::versionIn)
                        .orElse("none"));
    }

    private static String versionIn(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new java.io.StringReader(text));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return properties.getProperty("version", "none");
    }

    private static Optional<String> read(String resource) {
        try (InputStream in = Library.class.getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
