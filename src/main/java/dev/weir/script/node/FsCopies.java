package dev.weir.script.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies files and folders with all in them. What is written to is never a link: a file takes the place of a link that has its
 * name, a folder is not copied onto one, so nothing is written where a link leads. Stateless; used on workers.
 */
final class FsCopies {
    private static final int DEEPEST = 1000;

    private final FsPaths paths;

    FsCopies(FsPaths paths) {
        this.paths = paths;
    }

    /**
     * With {@code r} folders too, with {@code f} over what is there, with {@code x} an error when it is, with {@code d} what links lead
     * to instead of them, with {@code t} with the times, with {@code v} links as they are written, with {@code s} folders
     * without what is in them.
     */
    @Nullable
    Object copy(FsCall call) throws IOException, FsFailure {
        String how = Objects.requireNonNullElse(call.c(), "");
        Path from = how.contains("d") ? paths.follow(call.a()) : paths.entry(call.a());
        Path to = paths.entry(call.b());
        if (!isThere(from)) {
            throw new NoSuchFileException(from.toString());
        }
        if (same(from, to)) {
            throw new FsFailure("CP_SAME");
        }
        if (isFolder(from)) {
            if (!how.contains("r")) {
                throw new FsFailure("CP_FOLDER");
            } else if (to.startsWith(from)) {
                throw new FsFailure("CP_INSIDE");
            }
        }
        Path parent = to.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        copy(from, to, how, "");
        return null;
    }

    /** @param below where this is within what is copied, for messages */
    private void copy(Path entry, Path to, String how, String below) throws IOException, FsFailure {
        Path from = how.contains("d") ? paths.follow(entry.toString()) : entry;
        if (isThere(to) && isFolder(from) != isFolder(to)) {
            throw new FsFailure(isFolder(from) ? "CP_ONTO_FILE" : "CP_ONTO_FOLDER", null, below);
        }
        if (!isFolder(from)) {
            file(from, to, how, below);
            return;
        }
        if (to.getNameCount() > DEEPEST) {
            throw new FsFailure("ELOOP");
        }
        Files.createDirectories(to);
        for (Path each : how.contains("s") ? List.<Path>of() : entries(from)) {
            String name = String.valueOf(each.getFileName());
            copy(each, to.resolve(name), how, below + "/" + name);
        }
        times(from, to, how);
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.sorted().toList();
        }
    }

    private static void file(Path from, Path to, String how, String below) throws IOException, FsFailure {
        if (isThere(to) && !how.contains("f")) {
            if (how.contains("x")) {
                throw new FsFailure("CP_EXISTS", null, below);
            }
            return;
        }
        if (Files.isSymbolicLink(from) && !how.contains("v")) {
            // As Node does, so that it leads where it did.
            Path target = from.resolveSibling(Files.readSymbolicLink(from)).normalize();
            Files.deleteIfExists(to);
            Files.createSymbolicLink(to, target);
            return;
        }
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
        times(from, to, how);
    }

    private static void times(Path from, Path to, String how) throws IOException {
        if (how.contains("t") && !Files.isSymbolicLink(to)) {
            BasicFileAttributes given =
                    Files.readAttributes(from, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Files.getFileAttributeView(to, BasicFileAttributeView.class)
                    .setTimes(given.lastModifiedTime(), given.lastAccessTime(), null);
        }
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean same(Path from, Path to) throws IOException {
        return from.equals(to)
                || (isThere(to)
                        && !Files.isSymbolicLink(from)
                        && !Files.isSymbolicLink(to)
                        && Files.isSameFile(from, to));
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }
}
