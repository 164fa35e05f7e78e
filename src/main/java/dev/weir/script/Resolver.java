package dev.weir.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Node's algorithm that finds the module a name means, as nodejs.org documents it under "Modules: CommonJS modules" and
 * "Modules: Packages". Reads nothing outside the home, the script's folder and the {@code node_modules} above it. Reading files
 * blocks, as {@code require} does. Owned by the script's loop.
 */
final class Resolver {
    private static final Set<String> REQUIRED = Set.of("node", "require", "default");
    private static final Set<String> IMPORTED = Set.of("node", "import", "default");
    private static final String[] EXTENSIONS = {".js", ".json"};

    /** How a module is asked for: packages may answer differently. */
    enum Kind {
        /** {@code require(..)}. */
        REQUIRE,
        /** {@code import}. */
        IMPORT;

        Set<String> conditions() {
            return this == REQUIRE ? REQUIRED : IMPORTED;
        }
    }

    private final Packages packages = new Packages();
    private final Path home;
    private final Path folder;

    /**
     * @param home modules may be anywhere below it
     * @param folder of the script
     */
    Resolver(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    static boolean isFile(String key) {
        return !key.startsWith("node:") && !key.startsWith("webjar:");
    }

    /** The key of a module, or what {@link HostCalls#resolve} says of an error. */
    String resolve(String from, String request, Kind kind) {
        if (request.startsWith("node:")) {
            return builtIn(request.substring(5), from, request);
        }
        if (!isFile(from)) {
            return inLibrary(from, request);
        }
        if (isRelative(request) || request.startsWith("/") || request.startsWith("file:")) {
            return file(from, request, kind);
        }
        if (isCore(request)) {
            return "node:" + request;
        }
        Path found = bare(Path.of(from), request, kind);
        return found == null ? missing(from, request, kind) : allowed(found, from, request);
    }

    /** Whether a file is an ES module: by its extension, else by {@code type} of its package. */
    boolean isModule(String key) {
        if (!isFile(key) || key.endsWith(".cjs") || key.endsWith(".json")) {
            return false;
        }
        return key.endsWith(".mjs") || packages.isModule(Path.of(key));
    }

    private static boolean isCore(String name) {
        return !name.startsWith("internal/") && Library.hasCore(name);
    }

    private static boolean isRelative(String request) {
        return request.startsWith("./") || request.startsWith("../") || request.equals(".") || request.equals("..");
    }

    private static String builtIn(String name, String from, String request) {
        return isCore(name) || (!isFile(from) && Library.hasCore(name))
                ? "node:" + name
                : "!ERR_UNKNOWN_BUILTIN_MODULE\nNo such built-in module: " + request;
    }

    private static String inLibrary(String from, String request) {
        if (request.startsWith("webjar:")) {
            return packaged(request.substring("webjar:".length()), from, request);
        }
        if (isRelative(request) && from.startsWith("webjar:")) {
            Path parent = Path.of(from.substring("webjar:".length())).getParent();
            return packaged(
                    String.valueOf(
                                    parent == null
                                            ? Path.of(request)
                                            : parent.resolve(request).normalize())
                            .replace('\\', '/'),
                    from,
                    request);
        }
        String name = request.endsWith("/") ? request.substring(0, request.length() - 1) : request;
        if (Library.hasCore(name)) {
            return "node:" + name;
        }
        return from.startsWith("webjar:") ? packaged(name, from, request) : missing(from, request, Kind.REQUIRE);
    }

    private static String packaged(String path, String from, String request) {
        String wanted = path;
        if (!wanted.contains("/")) {
            String main = Packages.mainOf(
                    Library.hasPackaged(wanted + "/package.json")
                            ? Library.packagedText(wanted + "/package.json")
                            : "{}");
            wanted = Path.of(wanted).resolve(main).normalize().toString().replace('\\', '/');
        }
        for (String each : new String[] {wanted, wanted + ".js", wanted + ".json", wanted + "/index.js"}) {
            if (each.matches(".*\\.(js|json|cjs)") && Library.hasPackaged(each)) {
                return "webjar:" + each;
            }
        }
        return missing(from, request, Kind.REQUIRE);
    }

    private String file(String from, String request, Kind kind) {
        Path wanted = request.startsWith("file:")
                ? Path.of(java.net.URI.create(request))
                : folderOf(Path.of(from)).resolve(request).normalize();
        Path found = kind == Kind.IMPORT ? plain(wanted) : fileOrFolder(wanted, request);
        return found == null ? missing(from, request, kind) : allowed(found, from, request);
    }

    private @Nullable Path fileOrFolder(Path wanted, String request) {
        Path file = request.endsWith("/") ? null : asFile(wanted);
        return file == null ? asFolder(wanted) : file;
    }

    private static @Nullable Path plain(Path wanted) {
        return Files.isRegularFile(wanted) ? wanted : null;
    }

    private static @Nullable Path asFile(Path wanted) {
        if (Files.isRegularFile(wanted)) {
            return wanted;
        }
        for (String extension : EXTENSIONS) {
            Path file = wanted.resolveSibling(wanted.getFileName() + extension);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    private @Nullable Path asFolder(Path wanted) {
        if (!Files.isDirectory(wanted)) {
            return null;
        }
        String main = packages.main(wanted);
        if (main != null) {
            Path file = asFile(wanted.resolve(main).normalize());
            Path index = file == null ? asFile(wanted.resolve(main).resolve("index")) : file;
            if (index != null) {
                return index;
            }
        }
        return asFile(wanted.resolve("index"));
    }

    private @Nullable Path bare(Path from, String request, Kind kind) {
        if (request.startsWith("#")) {
            return packages.imported(from, request, kind.conditions());
        }
        String name = Packages.nameIn(request);
        String rest = request.substring(name.length());
        Path self = packages.ownExport(from, name, "." + rest, kind.conditions());
        if (self != null) {
            return self;
        }
        for (Path at = folderOf(from); at != null; at = at.getParent()) {
            Path candidate = at.resolve("node_modules").resolve(name);
            if (Files.isDirectory(candidate)) {
                return inPackage(candidate, rest, kind);
            }
        }
        return null;
    }

    private @Nullable Path inPackage(Path packaged, String rest, Kind kind) {
        if (packages.hasExports(packaged)) {
            return packages.exported(packaged, "." + rest, kind.conditions());
        }
        Path wanted = rest.isEmpty() ? packaged : packaged.resolve(rest.substring(1));
        return rest.isEmpty() || kind == Kind.REQUIRE ? fileOrFolder(wanted, rest) : plain(wanted);
    }

    private static Path folderOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /** The real file, if it is where modules may be. */
    private String allowed(Path found, String from, String request) {
        try {
            Path real = found.toRealPath();
            if (real.startsWith(home.toRealPath()) || real.startsWith(folder.toRealPath()) || packages.below(real)) {
                return real.toString();
            }
            return "!ERR_ACCESS_DENIED\nmodule '" + request + "' of " + from + " is outside " + home + " and " + folder
                    + ", where modules are read; move it there";
        } catch (IOException gone) {
            return missing(from, request, Kind.REQUIRE);
        }
    }

    private static String missing(String from, String request, Kind kind) {
        if (kind == Kind.REQUIRE) {
            return "!MODULE_NOT_FOUND\nCannot find module '" + request + "'\nRequire stack:\n- " + from;
        }
        String what = isRelative(request) || request.startsWith("/")
                ? "module '" + folderOf(Path.of(from)).resolve(request).normalize() + "'"
                : "package '" + Packages.nameIn(request) + "'";
        return "!ERR_MODULE_NOT_FOUND\nCannot find " + what + " imported from " + from;
    }
}
