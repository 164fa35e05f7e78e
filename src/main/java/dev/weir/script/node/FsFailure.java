package dev.weir.script.node;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file operation that did not work, with the code Node gives such an error. Immutable. */
final class FsFailure extends Exception {
    private static final long serialVersionUID = 1;
    /** What the operating system's C library says, as the JDK passes it on. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("is a directory", "EISDIR"),
            Map.entry("not a directory", "ENOTDIR"),
            Map.entry("too many levels of symbolic links", "ELOOP"),
            Map.entry("too many symbolic links", "ELOOP"),
            Map.entry("read-only file system", "EROFS"),
            Map.entry("no space left on device", "ENOSPC"),
            Map.entry("too many open files", "EMFILE"),
            Map.entry("file name too long", "ENAMETOOLONG"),
            Map.entry("operation not permitted", "EPERM"),
            Map.entry("permission denied", "EACCES"),
            Map.entry("device or resource busy", "EBUSY"),
            Map.entry("invalid cross-device link", "EXDEV"),
            Map.entry("directory not empty", "ENOTEMPTY"),
            Map.entry("invalid argument", "EINVAL"),
            Map.entry("no such file or directory", "ENOENT"));

    private final String code;
    private final @Nullable String syscall;
    private final @Nullable String why;

    /**
     * @param syscall what failed when it is not what the operation is named after; such an error names no path
     * @param why what a user needs to know beyond the code
     */
    FsFailure(String code, @Nullable String syscall, @Nullable String why) {
        super(code, null, false, false);
        this.code = code;
        this.syscall = syscall;
        this.why = why;
    }

    FsFailure(String code) {
        this(code, null, null);
    }

    /** What the JDK says, in Node's words. */
    static FsFailure of(Exception failure, @Nullable String syscall) {
        String code = codeOf(failure);
        return new FsFailure(code, syscall, code.equals("EIO") ? failure.getMessage() : null);
    }

    private static String codeOf(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "ENOENT";
        } else if (failure instanceof FileAlreadyExistsException) {
            return "EEXIST";
        } else if (failure instanceof DirectoryNotEmptyException) {
            return "ENOTEMPTY";
        } else if (failure instanceof AccessDeniedException) {
            return "EACCES";
        } else if (failure instanceof NotDirectoryException) {
            return "ENOTDIR";
        } else if (failure instanceof NotLinkException) {
            return "EINVAL";
        } else if (failure instanceof FileSystemLoopException) {
            return "ELOOP";
        } else if (failure instanceof ClosedChannelException
                || failure instanceof NonReadableChannelException
                || failure instanceof NonWritableChannelException) {
            return "EBADF";
        }
        return ofReason(failure);
    }

    private static String ofReason(Exception failure) {
        String reason = failure instanceof FileSystemException system ? system.getReason() : messageOf(failure);
        return reason == null ? "EIO" : REASONS.getOrDefault(reason.toLowerCase(Locale.ROOT), "EIO");
    }

    private static @Nullable String messageOf(Exception failure) {
        return failure instanceof IOException ? failure.getMessage() : null;
    }

    String code() {
        return code;
    }

    @Nullable
    String syscall() {
        return syscall;
    }

    @Nullable
    String why() {
        return why;
    }
}
