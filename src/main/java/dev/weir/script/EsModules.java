package dev.weir.script;

import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * What {@code import} means. An ES module is its file. A core module or a CommonJS module is a small ES module made here, which
 * requires it and exports what it has: a core module's properties, and of a user's module the names that its text assigns to
 * {@code exports}, as Node finds them before it runs it. Owned by the script's loop.
 */
final class EsModules {
    /** Where modules made here seem to be; no file is there. */
    private static final String MADE = "/.weir-import";

    private static final Pattern ASSIGNED =
            Pattern.compile("\\bexports\\s*(?:\\.\\s*([A-Za-z_$][\\w$]*)|\\[\\s*['\"]([^'\"]+)['\"]\\s*])\\s*=(?!=)");
    private static final Pattern DEFINED =
            Pattern.compile("\\bObject\\.defineProperty\\(\\s*(?:module\\.)?exports\\s*,\\s*['\"]([^'\"]+)['\"]");
    private static final Pattern LITERAL = Pattern.compile("\\bmodule\\.exports\\s*=\\s*\\{([^{}]*)");
    private static final Pattern ENTRY =
            Pattern.compile("\\G\\s*(?:([A-Za-z_$][\\w$]*)|['\"]([^'\"]+)['\"])\\s*(?::\\s*[\\w$.]+\\s*)?(?:,|$)");
    private static final Pattern PASSED_ON =
            Pattern.compile("\\bmodule\\.exports\\s*=\\s*require\\(\\s*['\"]([^'\"]+)['\"]\\s*\\)");

    private final Resolver resolver;
    private final Function<String, String> text;
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, String> named = new HashMap<>();
    private @Nullable Value namesOfCore;
    private @Nullable Function<String, RuntimeException> errors;

    /** @param text of a file */
    EsModules(Resolver resolver, Function<String, String> text) {
        this.resolver = resolver;
        this.text = text;
    }

    /**
     * @param coreNames the property names of a core module
     * @param failing makes what is thrown of the resolver's answer
     */
    void begin(Value coreNames, Function<String, RuntimeException> failing) {
        namesOfCore = coreNames;
        errors = failing;
    }

    static boolean isMade(String path) {
        return path.startsWith(MADE);
    }

    private static String made(String key) {
        return MADE + (key.startsWith("/") ? key : "/" + key);
    }

    /** Whether a module made here stands for this one. */
    boolean standsFor(String key) {
        return known.contains(made(key));
    }

    boolean knows(String path) {
        return known.contains(path);
    }

    /** Where the module is that {@code specifier} means in {@code referrer}. */
    String locate(String referrer, String specifier) {
        String key = resolver.resolve(referrer, specifier, Resolver.Kind.IMPORT);
        if (key.startsWith("!")) {
            Function<String, RuntimeException> failing = errors;
            throw failing == null ? new IllegalStateException(key) : failing.apply(key);
        }
        boolean itself = Resolver.isFile(key) && (resolver.isModule(key) || key.endsWith(".json"));
        String path = itself ? key : made(key);
        if (itself) {
            named.put(specifier, key);
        }
        known.add(path);
        return path;
    }

    /** The engine calls an imported module as the import did; a stack is read by people who want its file. */
    String placed(String stack) {
        String placed = stack;
        for (Map.Entry<String, String> each : named.entrySet()) {
            placed = placed.replace("(" + each.getKey() + ":", "(" + each.getValue() + ":")
                    .replace("at " + each.getKey() + ":", "at " + each.getValue() + ":");
        }
        return placed;
    }

    void main(String file) {
        known.add(file);
    }

    /** The files that were imported. */
    Set<String> files() {
        return known;
    }

    String source(String path) throws IOException {
        if (!isMade(path)) {
            return Files.readString(Path.of(path));
        }
        String rest = path.substring(MADE.length());
        String key = rest.startsWith("/node:") ? rest.substring(1) : rest;
        Set<String> names = Resolver.isFile(key) ? namesIn(key, new LinkedHashSet<>()) : coreNames(key);
        StringBuilder made = new StringBuilder("const m = globalThis[Symbol.for('weir.load')](")
                .append(Json.encode(key))
                .append(");\nexport default m;\n");
        int n = 0;
        for (String name : names) {
            if (!name.equals("default")) {
                String quoted = Json.encode(name);
                made.append("const $")
                        .append(n)
                        .append(" = m?.[")
                        .append(quoted)
                        .append("];\nexport { $");
                made.append(n++).append(" as ").append(quoted).append(" };\n");
            }
        }
        return made.toString();
    }

    private Set<String> coreNames(String key) {
        Set<String> names = new TreeSet<>();
        Value all = namesOfCore == null ? null : namesOfCore.execute(key);
        for (long i = 0; all != null && i < all.getArraySize(); i++) {
            names.add(all.getArrayElement(i).asString());
        }
        return names;
    }

    private Set<String> namesIn(String key, Set<String> seen) {
        Set<String> names = new TreeSet<>();
        if (!Resolver.isFile(key) || key.endsWith(".json") || !seen.add(key)) {
            return names;
        }
        String source = text.apply(key);
        collect(ASSIGNED, source, names);
        collect(DEFINED, source, names);
        for (Matcher literal = LITERAL.matcher(source); literal.find(); ) {
            collect(ENTRY, literal.group(1), names);
        }
        for (Matcher passed = PASSED_ON.matcher(source); passed.find(); ) {
            String target = resolver.resolve(key, passed.group(1), Resolver.Kind.REQUIRE);
            if (!target.startsWith("!")) {
                names.addAll(Resolver.isFile(target) ? namesIn(target, seen) : coreNames(target));
            }
        }
        return names;
    }

    private static void collect(Pattern pattern, String text, Set<String> names) {
        for (Matcher found = pattern.matcher(text); found.find(); ) {
            String name = found.group(1);
            names.add(name == null ? found.group(2) : name);
        }
    }
}
