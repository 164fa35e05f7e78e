package dev.weir.bus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is present as.
 *
 * @param id as in {@link Member}
 * @param anonymous whether it showed no token
 * @param data what it shows of itself, as JSON text
 */
public record Attendee(
        String id, boolean anonymous, @Nullable String data) {
    private static final int HASH_CHARACTERS = 16;

    /**
     * A session of whoever a token names, or else of whoever knows a key: members see only what the key hashes to, so that nobody
     * can come under another one's name.
     *
     * @param sub the subject of a valid token, null without one
     * @param key null when the client is not to be known again
     * @param session the session's id
     */
    public static Attendee of(@Nullable String sub, @Nullable String key, String session, @Nullable String data) {
        if (sub != null) {
            return new Attendee(sub, false, data);
        }
        return new Attendee("~" + (key == null ? session : hash(key)), true, data);
    }

    private static String hash(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
