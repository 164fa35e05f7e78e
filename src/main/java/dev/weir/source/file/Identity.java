package dev.weir.source.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Tells whether a file is the one that was read before: {@code <n>-<inode>-<hash of the first n bytes>}, n 4096 or what the file had
 * then, so that it is the same when it has grown. Where files have no inode, 0 stands for it.
 */
final class Identity {
    private static final int MOST_BYTES = 4096;
    private static final int HASH_BYTES = 8;
    private static final int HEX = 16;

    private Identity() {}

    static String of(Path path, FileChannel channel) throws IOException {
        return of(path, channel, MOST_BYTES);
    }

    private static String of(Path path, FileChannel channel, int most) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(most);
        int count = 0;
        while (head.hasRemaining() && count >= 0) {
            count = channel.read(head, head.position());
        }
        byte[] hash = sha256().digest(Arrays.copyOf(head.array(), head.position()));
        return Integer.toString(head.position(), HEX) + "-" + Long.toString(inode(path), Character.MAX_RADIX) + "-"
                + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }

    /** Whether a file that had this identity has it still. */
    static boolean isSame(String identity, Path path, FileChannel channel) throws IOException {
        int dash = identity.indexOf('-');
        if (dash < 1) {
            return false;
        }
        try {
            int count = Integer.parseInt(identity.substring(0, dash), HEX);
            return count >= 0 && count <= MOST_BYTES && identity.equals(of(path, channel, count));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static long inode(Path path) throws IOException {
        try {
            return Files.getAttribute(path, "unix:ino") instanceof Long inode ? inode : 0;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
