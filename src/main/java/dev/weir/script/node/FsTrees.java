package dev.weir.script.node;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Operations on folders and all that is in them. Links in them are entries and never followed. Stateless; used on workers. */
final class FsTrees {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int SUFFIX = 6;

    private final FsPaths paths;

    FsTrees(FsPaths paths) {
        this.paths = paths;
    }

    /** The names with a letter for what each is in front (f, d, l or o for others), joined by zero characters. */
    String list(FsCall call) throws IOException, FsFailure {
        Path at = paths.follow(call.a());
        if (Files.exists(at) && !Files.isDirectory(at)) {
            throw new FsFailure("ENOTDIR");
        }
        StringJoiner names = new StringJoiner("\0");
        for (Path each : entries(at, call.has("recursive"))) {
            names.add(kind(each) + at.relativize(each));
        }
        return names.toString();
    }

    private static List<Path> entries(Path at, boolean recursive) throws IOException {
        try (Stream<Path> found = recursive ? Files.walk(at).skip(1) : Files.list(at)) {
            return found.sorted().toList();
        }
    }

    private static String kind(Path path) {
        if (Files.isSymbolicLink(path)) {
            return "l";
        }
        return Files.isDirectory(path) ? "d" : Files.isRegularFile(path) ? "f" : "o";
    }

    /** The first folder it made when it makes all that are missing. */
    @Nullable
    String make(FsCall call) throws IOException, FsFailure {
        Path at = paths.follow(call.a());
        int mode = (int) call.n();
        if (!call.has("recursive")) {
            if (Files.exists(paths.entry(call.a()), LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(at.toString());
            }
            Files.createDirectory(at, FsModes.attribute(at, mode));
            return null;
        }
        List<Path> missing = new ArrayList<>();
        Path up = at;
        while (up != null && !Files.exists(up)) {
            missing.add(up);
            up = up.getParent();
        }
        if (up != null && !Files.isDirectory(up)) {
            throw up.equals(at)
                    ? new FileAlreadyExistsException(at.toString())
                    : new NotDirectoryException(up.toString());
        }
        for (int i = missing.size() - 1; i >= 0; i--) {
            Files.createDirectory(missing.get(i), FsModes.attribute(at, mode));
        }
        return missing.isEmpty() ? null : missing.get(missing.size() - 1).toString();
    }

    String makeTemporary(FsCall call) throws IOException, FsFailure {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX; i++) {
            suffix.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        String name = call.a() + suffix.toString();
        Path at = paths.follow(name);
        Files.createDirectory(at, FsModes.attribute(at, 0700));
        return name;
    }

    /** With {@code r} folders and all in them, with {@code f} also what is not there. */
    @Nullable
    Object remove(FsCall call) throws IOException, FsFailure {
        Path at = paths.entry(call.a());
        if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
            if (call.has("f")) {
                return null;
            }
            throw new NoSuchFileException(at.toString());
        }
        if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(at);
        } else if (call.has("r")) {
            Files.walkFileTree(at, new Removing());
        } else {
            throw new FsFailure("ERR_FS_EISDIR");
        }
        return null;
    }

    private static final class Removing extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes ignored) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
