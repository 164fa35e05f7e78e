package dev.weir.script;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code package.json} files say: main, type, exports, imports. Each is read once. Owned by the script's loop. */
final class Packages {
    private static final JsonObject NONE = new JsonObject();

    private final Map<Path, JsonObject> read = new HashMap<>();

    /** The package's name at the head of a request: {@code a} of {@code a/b}, {@code @s/a} of {@code @s/a/b}. */
    static String nameIn(String request) {
        int slash = request.indexOf('/', request.startsWith("@") ? Math.max(0, request.indexOf('/')) + 1 : 0);
        return slash < 0 ? request : request.substring(0, slash);
    }

    /** The main file that the text of a {@code package.json} names. */
    static String mainOf(String text) {
        return new JsonObject(text).getString("main", "index.js");
    }

    /** {@code main} of the package in {@code folder}, null when it names none. */
    @Nullable
    String main(Path folder) {
        return of(folder).getValue("main") instanceof String main ? main : null;
    }

    /** Whether plain {@code .js} files around {@code file} are ES modules. */
    boolean isModule(Path file) {
        Path owner = ownerOf(file);
        return owner != null && "module".equals(of(owner).getValue("type"));
    }

    boolean hasExports(Path folder) {
        return of(folder).containsKey("exports") && of(folder).getValue("exports") != null;
    }

    /** What the package in {@code folder} exports as {@code subpath}, such as {@code ./x}; null when nothing. */
    @Nullable
    Path exported(Path folder, String subpath, Set<String> conditions) {
        Object exports = of(folder).getValue("exports");
        boolean sugar = !(exports instanceof JsonObject map)
                || map.fieldNames().stream().noneMatch(name -> name.startsWith("."));
        JsonObject table = sugar ? new JsonObject().put(".", exports) : (JsonObject) exports;
        return inFolder(folder, Targets.find(table, subpath, conditions));
    }

    /** What the package around {@code from} exports, when {@code name} is its own. */
    @Nullable
    Path ownExport(Path from, String name, String subpath, Set<String> conditions) {
        Path owner = ownerOf(from);
        return owner != null && hasExports(owner) && name.equals(of(owner).getValue("name"))
                ? exported(owner, subpath, conditions)
                : null;
    }

    /** What {@code #name} is in the package around {@code from}. */
    @Nullable
    Path imported(Path from, String name, Set<String> conditions) {
        Path owner = ownerOf(from);
        return owner != null && of(owner).getValue("imports") instanceof JsonObject table
                ? inFolder(owner, Targets.find(table, name, conditions))
                : null;
    }

    /** Whether a file is in some {@code node_modules}. */
    boolean below(Path file) {
        for (Path part : file) {
            if (part.toString().equals("node_modules")) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Path inFolder(Path folder, @Nullable String target) {
        if (target == null || !target.startsWith("./")) {
            return null;
        }
        Path file = folder.resolve(target).normalize();
        return file.startsWith(folder) && Files.isRegularFile(file) ? file : null;
    }

    /** The nearest folder with a {@code package.json}. */
    private @Nullable Path ownerOf(Path file) {
        for (Path at = file.getParent(); at != null; at = at.getParent()) {
            if (at.endsWith("node_modules")) {
                return null;
            }
            if (!of(at).isEmpty()) {
                return at;
            }
        }
        return null;
    }

    private JsonObject of(Path folder) {
        return read.computeIfAbsent(folder, Packages::load);
    }

    private static JsonObject load(Path folder) {
        Path file = folder.resolve("package.json");
        if (!Files.isRegularFile(file)) {
            return NONE;
        }
        try {
            // Never empty, so that a package without any entry is one.
            return new JsonObject(Files.readString(file)).put("path", file.toString());
        } catch (IOException | DecodeException broken) {
            throw new IllegalArgumentException("Invalid package config " + file + ": " + broken.getMessage(), broken);
        }
    }

    /** The tables {@code exports} and {@code imports}. */
    private static final class Targets {
        private Targets() {}

        static @Nullable String find(JsonObject table, String key, Set<String> conditions) {
            if (table.containsKey(key) && key.indexOf('*') < 0) {
                return target(table.getValue(key), "", conditions);
            }
            String best = "";
            for (String pattern : table.fieldNames()) {
                if (matches(pattern, key) && pattern.indexOf('*') >= best.indexOf('*')) {
                    best = pattern;
                }
            }
            if (best.isEmpty()) {
                return null;
            }
            int star = best.indexOf('*');
            return target(
                    table.getValue(best), key.substring(star, key.length() - (best.length() - star - 1)), conditions);
        }

        private static boolean matches(String pattern, String key) {
            int star = pattern.indexOf('*');
            return star >= 0
                    && key.length() >= pattern.length()
                    && key.startsWith(pattern.substring(0, star))
                    && key.endsWith(pattern.substring(star + 1));
        }

        private static @Nullable String target(@Nullable Object value, String star, Set<String> conditions) {
            if (value instanceof String text) {
                return text.replace("*", star);
            }
            if (value instanceof JsonArray choices) {
                for (Object choice : choices) {
                    String found = target(choice, star, conditions);
                    if (found != null) {
                        return found;
                    }
                }
            }
            if (value instanceof JsonObject byCondition) {
                for (String condition : byCondition.fieldNames()) {
                    String found = conditions.contains(condition)
                            ? target(byCondition.getValue(condition), star, conditions)
                            : null;
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        }
    }
}
