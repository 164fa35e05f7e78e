package dev.weir.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names events of logs by 128 bits of SHA-256 of who published it, its source and its id, so nobody can make two events look
 * alike. Owned by one thread.
 */
public final class Identities {
    /** Names an event of a log. */
    public record Key(long high, long low) {}

    private final MessageDigest digest;

    /** Ready to name events. */
    public Identities() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** The name of an event, by {@link EventRow#identity}, in a log of this number. */
    public Key key(int log, byte[] identity) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(log).flip());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(identity));
        return new Key(hash.getLong(), hash.getLong());
    }
}
