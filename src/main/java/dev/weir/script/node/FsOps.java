package dev.weir.script.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does the file operations of internal/fs-table.js, each within the folders allowed. Used on workers, one call at a time each. */
final class FsOps {
    private static final int MODE = 07777;

    @FunctionalInterface
    private interface Operation {
        @Nullable
        Object run(FsCall call) throws IOException, FsFailure;
    }

    private final FsPaths paths;
    private final FsFiles files;
    private final FsTrees trees;
    private final Map<String, Operation> operations;

    FsOps(FsPaths paths, FsFiles files) {
        this.paths = paths;
        this.files = files;
        this.trees = new FsTrees(paths);
        this.operations = Map.ofEntries(
                Map.entry("access", this::access),
                Map.entry("stat", call -> FsModes.stats(paths.follow(call.a()))),
                Map.entry("lstat", call -> FsModes.stats(paths.entry(call.a()), LinkOption.NOFOLLOW_LINKS)),
                Map.entry("realpath", call -> real(call).toString()),
                Map.entry("readdir", call -> trees.list(call)),
                Map.entry("mkdir", call -> trees.make(call)),
                Map.entry("mkdtemp", call -> trees.makeTemporary(call)),
                Map.entry("rm", call -> trees.remove(call)),
                Map.entry("cp", new FsCopies(paths)::copy),
                Map.entry("rmdir", this::removeFolder),
                Map.entry("unlink", this::unlink),
                Map.entry("rename", this::rename),
                Map.entry("copyFile", this::copyFile),
                Map.entry("link", this::link),
                Map.entry("symlink", this::symlink),
                Map.entry("readlink", call -> Files.readSymbolicLink(paths.entry(call.a()))
                        .toString()),
                Map.entry("chmod", this::chmod),
                Map.entry("utimes", this::utimes),
                Map.entry("truncate", this::truncate),
                Map.entry(
                        "open", call -> files.register(opened(call, Objects.requireNonNull(call.b()), (int) call.n()))),
                Map.entry("close", this::close),
                Map.entry("read", this::read),
                Map.entry("write", this::write),
                Map.entry("fstat", call -> files.stats(call.n())),
                Map.entry("fsync", this::sync),
                Map.entry("ftruncate", this::truncateOpen),
                Map.entry("readFile", call -> ByteBuffer.wrap(readFile(call))),
                Map.entry("readText", call -> new String(readFile(call), StandardCharsets.UTF_8)),
                Map.entry("writeFile", this::writeFile));
    }

    /** Does it; what goes wrong is a {@link FsFailure}. */
    @Nullable
    Object run(FsCall call) throws FsFailure {
        Operation operation = operations.get(call.op());
        if (operation == null) {
            throw new FsFailure("ENOSYS");
        }
        try {
            return operation.run(call);
        } catch (IOException | RuntimeException failure) {
            throw FsFailure.of(failure, null);
        }
    }

    private FsFiles.OpenFile opened(FsCall call, String flags, int mode) throws IOException, FsFailure {
        return files.open(paths.follow(call.a()), flags, mode & MODE);
    }

    private @Nullable Object access(FsCall call) throws IOException, FsFailure {
        Path at = paths.follow(call.a());
        List<AccessMode> modes = new ArrayList<>();
        if ((call.n() & 4) != 0) {
            modes.add(AccessMode.READ);
        }
        if ((call.n() & 2) != 0) {
            modes.add(AccessMode.WRITE);
        }
        if ((call.n() & 1) != 0) {
            modes.add(AccessMode.EXECUTE);
        }
        at.getFileSystem().provider().checkAccess(at, modes.toArray(AccessMode[]::new));
        return null;
    }

    private Path real(FsCall call) throws IOException, FsFailure {
        return paths.follow(call.a()).toRealPath();
    }

    private @Nullable Object removeFolder(FsCall call) throws IOException, FsFailure {
        Path at = paths.entry(call.a());
        if (Files.exists(at, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            throw new FsFailure("ENOTDIR");
        }
        Files.delete(at);
        return null;
    }

    private @Nullable Object unlink(FsCall call) throws IOException, FsFailure {
        Path at = paths.entry(call.a());
        if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            throw new FsFailure("EISDIR");
        }
        Files.delete(at);
        return null;
    }

    private @Nullable Object rename(FsCall call) throws IOException, FsFailure {
        Files.move(paths.entry(call.a()), paths.entry(call.b()), StandardCopyOption.ATOMIC_MOVE);
        return null;
    }

    private @Nullable Object copyFile(FsCall call) throws IOException, FsFailure {
        Path from = paths.follow(call.a());
        Path to = paths.follow(call.b());
        if (Files.isDirectory(from) || Files.isDirectory(to)) {
            throw new FsFailure("EISDIR");
        }
        if ((call.n() & 1) != 0 && Files.exists(to)) {
            throw new FileAlreadyExistsException(to.toString());
        }
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        return null;
    }

    private @Nullable Object link(FsCall call) throws IOException, FsFailure {
        Files.createLink(paths.entry(call.b()), paths.follow(call.a()));
        return null;
    }

    private @Nullable Object symlink(FsCall call) throws IOException, FsFailure {
        Path at = paths.entry(call.b());
        Files.createSymbolicLink(at, at.getFileSystem().getPath(Objects.requireNonNullElse(call.a(), "")));
        return null;
    }

    private @Nullable Object chmod(FsCall call) throws IOException, FsFailure {
        Files.setPosixFilePermissions(paths.follow(call.a()), FsModes.permissions((int) call.n()));
        return null;
    }

    private @Nullable Object utimes(FsCall call) throws IOException, FsFailure {
        BasicFileAttributeView view = Files.getFileAttributeView(paths.follow(call.a()), BasicFileAttributeView.class);
        view.setTimes(time(call.c()), time(call.b()), null);
        return null;
    }

    private static FileTime time(@Nullable String seconds) {
        return FileTime.from(
                (long) (Double.parseDouble(Objects.requireNonNullElse(seconds, "0")) * 1e6), TimeUnit.MICROSECONDS);
    }

    private @Nullable Object truncate(FsCall call) throws IOException, FsFailure {
        FsFiles.OpenFile file = opened(call, "r+", 0);
        try (var channel = file.channel()) {
            FsFiles.truncate(file, call.n());
            return channel.isOpen() ? null : call.a();
        }
    }

    private @Nullable Object close(FsCall call) throws IOException, FsFailure {
        files.close(call.n());
        return null;
    }

    private @Nullable Object read(FsCall call) throws FsFailure {
        FsFiles.OpenFile file = files.at(call.n(), "read");
        try {
            return FsFiles.read(file, call.position(), Integer.parseInt(Objects.requireNonNullElse(call.c(), "0")));
        } catch (IOException | RuntimeException failure) {
            throw FsFailure.of(failure, "read");
        }
    }

    private Object write(FsCall call) throws FsFailure {
        FsFiles.OpenFile file = files.at(call.n(), "write");
        try {
            return FsFiles.write(file, call.bytes(), call.position());
        } catch (IOException | RuntimeException failure) {
            throw FsFailure.of(failure, "write");
        }
    }

    private @Nullable Object sync(FsCall call) throws IOException, FsFailure {
        files.at(call.n(), "fsync").channel().force(true);
        return null;
    }

    private @Nullable Object truncateOpen(FsCall call) throws IOException, FsFailure {
        FsFiles.truncate(files.at(call.n(), "ftruncate"), call.position());
        return null;
    }

    private byte[] readFile(FsCall call) throws IOException, FsFailure {
        if (call.a() == null) {
            return all(files.at(call.n(), "read"));
        }
        FsFiles.OpenFile file = opened(call, Objects.requireNonNullElse(call.b(), "r"), 0666);
        try (var channel = file.channel()) {
            return channel.isOpen() ? all(file) : new byte[0];
        }
    }

    private static byte[] all(FsFiles.OpenFile file) throws FsFailure {
        try {
            return FsFiles.readAll(file);
        } catch (IOException | RuntimeException failure) {
            throw FsFailure.of(failure, "read");
        }
    }

    private @Nullable Object writeFile(FsCall call) throws IOException, FsFailure {
        if (call.a() == null) {
            FsFiles.write(files.at(call.n(), "write"), call.bytes(), -1);
            return null;
        }
        String[] how = Objects.requireNonNullElse(call.b(), "w,438").split(",", -1);
        FsFiles.OpenFile file = opened(call, how[0], Integer.parseInt(how[1]));
        try (var channel = file.channel()) {
            FsFiles.write(file, call.bytes(), -1);
            return channel.isOpen() ? null : call.a();
        }
    }
}
