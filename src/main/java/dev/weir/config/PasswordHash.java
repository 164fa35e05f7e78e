package dev.weir.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as the configuration keeps it: PBKDF2 with HMAC-SHA-256 (RFC 8018) in the JDK's implementation, written
 * {@code pbkdf2-sha256$<iterations>$<salt>$<hash>}, both in Base64. Making and trying one takes some tenths of a second of a core on
 * purpose, so never on an event loop. Immutable.
 */
public final class PasswordHash {
    /** How often the function is applied, at least; what OWASP asks for. */
    public static final int ITERATIONS = 600_000;

    private static final int MOST_ITERATIONS = 20_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LONGEST_PASSWORD = 1024;
    private static final Pattern FORM =
            Pattern.compile("pbkdf2-sha256\\$([0-9]{1,8})\\$([A-Za-z0-9+/]+={0,2})\\$([A-Za-z0-9+/]+={0,2})");

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a password with a new salt. */
    public static PasswordHash of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ITERATIONS, salt, derive(password, salt, ITERATIONS));
    }

    /** One that no password has; trying it takes as long as trying this many iterations does. */
    public static PasswordHash ofNobody(int iterations) {
        return new PasswordHash(iterations, new byte[SALT_BYTES], new byte[HASH_BYTES]);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException which never shows the text, since it may be a password that somebody forgot to hash
     */
    public static PasswordHash parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("is no hash of a password");
        }
        int iterations = Integer.parseInt(form.group(1));
        if (iterations < ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException(
                    "has " + iterations + " iterations, expected " + ITERATIONS + " to " + MOST_ITERATIONS);
        }
        byte[] salt = Base64.getDecoder().decode(form.group(2));
        byte[] hash = Base64.getDecoder().decode(form.group(3));
        if (salt.length < SALT_BYTES || hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("has " + salt.length + " bytes of salt and " + hash.length
                    + " of hash, expected at least " + SALT_BYTES + " and " + HASH_BYTES);
        }
        return new PasswordHash(iterations, salt, hash);
    }

    /** How often the function is applied. */
    public int iterations() {
        return iterations;
    }

    /** Whether it is this password's; takes as long whatever the answer is. */
    public boolean matches(String password) {
        boolean tooLong = password.length() > LONGEST_PASSWORD;
        byte[] tried = derive(tooLong ? "" : password, salt, iterations);
        return MessageDigest.isEqual(hash, tried) && !tooLong && !password.isEmpty();
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        // Keyboards differ in how they compose letters with accents.
        char[] text = Normalizer.normalize(password, Normalizer.Form.NFC).toCharArray();
        PBEKeySpec spec = new PBEKeySpec(text, salt, iterations, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has PBKDF2 with HMAC-SHA-256", impossible);
        } finally {
            spec.clearPassword();
        }
    }

    /** As the configuration has it, as bytes. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.US_ASCII);
    }

    /** As the configuration has it. */
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "pbkdf2-sha256$" + iterations + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    @Override
    public String toString() {
        return "PasswordHash[***]";
    }
}
