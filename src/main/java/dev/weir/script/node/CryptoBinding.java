package dev.weir.script.node;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** The host's half of {@code crypto}: randomness and digests of the JDK. Owned by the script's loop. */
public final class CryptoBinding {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Node's names of digests and the JDK's; HMACs are called after them. */
    private static final Map<String, String> DIGESTS = Map.ofEntries(
            Map.entry("md5", "MD5"),
            Map.entry("sha1", "SHA-1"),
            Map.entry("sha224", "SHA-224"),
            Map.entry("sha256", "SHA-256"),
            Map.entry("sha384", "SHA-384"),
            Map.entry("sha512", "SHA-512"),
            Map.entry("sha512-224", "SHA-512/224"),
            Map.entry("sha512-256", "SHA-512/256"),
            Map.entry("sha3-224", "SHA3-224"),
            Map.entry("sha3-256", "SHA3-256"),
            Map.entry("sha3-384", "SHA3-384"),
            Map.entry("sha3-512", "SHA3-512"));

    /** A digest being computed, null when there is none of that name. */
    @HostAccess.Export
    public @Nullable CryptoDigest hash(String name) {
        String digest = nameOf(name);
        try {
            return digest == null ? null : CryptoDigest.of(MessageDigest.getInstance(digest));
        } catch (GeneralSecurityException none) {
            return null;
        }
    }

    /** A keyed digest being computed, null when there is none of that name. */
    @HostAccess.Export
    public @Nullable CryptoDigest hmac(String name, Value key, int offset, int length) {
        String digest = nameOf(name);
        if (digest == null) {
            return null;
        }
        String algorithm = "Hmac" + (digest.startsWith("SHA3") ? digest : digest.replace("-", ""));
        try {
            Mac mac = Mac.getInstance(algorithm);
            byte[] bytes = Bytes.of(key, offset, length);
            // The JDK refuses an empty key, which HMAC pads with zeros: one zero is the same key.
            mac.init(new SecretKeySpec(bytes.length == 0 ? new byte[1] : bytes, algorithm));
            return CryptoDigest.of(mac);
        } catch (GeneralSecurityException none) {
            return null;
        }
    }

    private static @Nullable String nameOf(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        if (plain.startsWith("rsa-")) {
            plain = plain.substring(4);
        }
        return DIGESTS.get(plain.startsWith("sha-") ? "sha" + plain.substring(4) : plain);
    }

    /** The names of the digests, joined by commas. */
    @HostAccess.Export
    public String hashes() {
        return String.join(",", DIGESTS.keySet().stream().sorted().toList());
    }

    /** Unforeseeable bytes. */
    @HostAccess.Export
    public ByteBuffer randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** An unforeseeable whole number from 0 to below {@code bound}, which is at most 2^48. */
    @HostAccess.Export
    public double randomBelow(double bound) {
        return RANDOM.nextLong((long) bound);
    }

    /** A version 4 UUID. */
    @HostAccess.Export
    public String randomUuid() {
        return UUID.randomUUID().toString();
    }

    /** Whether bytes of the same number are the same, in a time that tells nothing of them. */
    @HostAccess.Export
    public boolean same(Value a, int offsetA, Value b, int offsetB, int length) {
        return MessageDigest.isEqual(Bytes.of(a, offsetA, length), Bytes.of(b, offsetB, length));
    }
}
