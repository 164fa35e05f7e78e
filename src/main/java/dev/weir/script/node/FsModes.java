package dev.weir.script.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Permissions and statistics of files between Unix's numbers and Java's sets. Stateless. */
final class FsModes {
    private static final PosixFilePermission[] FROM_LOWEST = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };
    private static final int BLOCK = 4096;
    private static final int SECTOR = 512;
    // Where these are in a line of stats.
    private static final int DEVICE = 0;
    private static final int INODE = 7;
    private static final int SIZE = 8;

    private FsModes() {}

    /** What makes a new file with this mode (less the process's umask); nothing where files have no such modes. */
    static FileAttribute<?>[] attribute(Path at, int mode) {
        return at.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(mode))}
                : new FileAttribute<?>[0];
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < FROM_LOWEST.length; bit++) {
            if ((mode & (1 << bit)) != 0) {
                set.add(FROM_LOWEST[bit]);
            }
        }
        return set;
    }

    /** The numbers of fs.Stats in its order, joined by commas. */
    static String stats(Path path, LinkOption... how) throws IOException {
        Map<String, Object> all = Files.readAttributes(path, "unix:*", how);
        long size = number(all, "size");
        return number(all, "dev") + "," + number(all, "mode") + "," + number(all, "nlink") + "," + number(all, "uid")
                + "," + number(all, "gid") + "," + number(all, "rdev") + "," + BLOCK + "," + number(all, "ino") + ","
                + size + "," + sectors(size) + "," + millis(all, "lastAccessTime") + ","
                + millis(all, "lastModifiedTime")
                + "," + millis(all, "ctime") + "," + millis(all, "creationTime");
    }

    private static long sectors(long size) {
        return (size + BLOCK - 1) / BLOCK * (BLOCK / SECTOR);
    }

    /** Whether two lines of {@link #stats} are of the same file. */
    static boolean same(String one, String other) {
        String[] a = one.split(",", -1);
        String[] b = other.split(",", -1);
        return a[DEVICE].equals(b[DEVICE]) && a[INODE].equals(b[INODE]);
    }

    /** A line of {@link #stats} with another size. */
    static String sized(String line, long size) {
        String[] parts = line.split(",", -1);
        parts[SIZE] = String.valueOf(size);
        parts[SIZE + 1] = String.valueOf(sectors(size));
        return String.join(",", parts);
    }

    private static long number(Map<String, Object> all, String name) {
        return all.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static double millis(Map<String, Object> all, String name) {
        return all.get(name) instanceof FileTime time ? time.to(TimeUnit.MICROSECONDS) / 1000.0 : 0;
    }
}
