package dev.weir.script.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where scripts may read and write. Every path is followed through its symbolic links before it is looked at, also where its
 * last parts do not exist yet or are links that lead nowhere, so neither {@code ..} nor a link leads out. Stateless but for
 * its configuration; used on workers.
 */
final class FsPaths {
    private static final int MAX_LINKS = 40;

    private final Path home;
    private final List<Path> folders;

    /**
     * @param home what relative paths resolve against
     * @param folders absolute
     */
    FsPaths(Path home, List<Path> folders) {
        this.home = home;
        this.folders = List.copyOf(folders);
    }

    /** The file itself, behind all links. */
    Path follow(@Nullable String path) throws FsFailure {
        return allowed(real(absolute(path), 0));
    }

    /** The entry of its folder, which may be a link. */
    Path entry(@Nullable String path) throws FsFailure {
        Path at = absolute(path);
        Path parent = at.getParent();
        Path name = at.getFileName();
        if (parent == null
                || name == null
                || name.toString().equals("..")
                || name.toString().equals(".")) {
            return allowed(real(at, 0));
        }
        return allowed(real(parent, 0).resolve(name));
    }

    /** The path as the script means it, absolute. */
    Path absolute(@Nullable String path) throws FsFailure {
        if (path == null || path.isEmpty()) {
            throw new FsFailure("ENOENT");
        }
        try {
            return home.resolve(path);
        } catch (InvalidPathException bad) {
            throw new FsFailure("EINVAL", null, bad.getMessage());
        }
    }

    private Path allowed(Path real) throws FsFailure {
        for (Path folder : folders) {
            if (real.startsWith(real(folder, 0))) {
                return real;
            }
        }
        String why = folders.isEmpty()
                ? "scripts may use no folder; name those they need in script.folders"
                : "outside the folders scripts may use; if it should be inside, add its folder to script.folders";
        throw new FsFailure("EACCES", null, why);
    }

    private static Path real(Path path, int links) throws FsFailure {
        try {
            return path.toRealPath();
        } catch (IOException notAll) {
            return partly(path, links);
        }
    }

    /** Of a path that does not exist: its folder's real path and its name, or where a link that leads nowhere points to. */
    private static Path partly(Path path, int links) throws FsFailure {
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null || name == null) {
            return path;
        }
        Path at = real(parent, links).resolve(name).normalize();
        if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS) || !Files.isSymbolicLink(at)) {
            return at;
        }
        if (links >= MAX_LINKS) {
            throw new FsFailure("ELOOP");
        }
        try {
            return real(at.resolveSibling(Files.readSymbolicLink(at)), links + 1);
        } catch (IOException gone) {
            return at;
        }
    }
}
