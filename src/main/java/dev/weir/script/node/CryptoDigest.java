package dev.weir.script.node;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** A hash or HMAC that takes in bytes. Owned by the script's loop. */
public final class CryptoDigest {
    private final @Nullable MessageDigest hash;
    private final @Nullable Mac mac;

    private CryptoDigest(@Nullable MessageDigest hash, @Nullable Mac mac) {
        this.hash = hash;
        this.mac = mac;
    }

    static CryptoDigest of(MessageDigest hash) {
        return new CryptoDigest(hash, null);
    }

    static CryptoDigest of(Mac mac) {
        return new CryptoDigest(null, mac);
    }

    /** Takes in bytes. */
    @HostAccess.Export
    public void update(Value buffer, int offset, int length) {
        take(Bytes.of(buffer, offset, length));
    }

    /** Takes in text as UTF-8. */
    @HostAccess.Export
    public void text(String text) {
        take(Bytes.ofText(text));
    }

    private void take(byte[] bytes) {
        if (hash != null) {
            hash.update(bytes);
        } else if (mac != null) {
            mac.update(bytes);
        }
    }

    /** The result, which can be had once. */
    @HostAccess.Export
    public ByteBuffer digest() {
        return ByteBuffer.wrap(result());
    }

    /** The result as text: hex, base64 or base64url. */
    @HostAccess.Export
    public String encoded(String encoding) {
        byte[] bytes = result();
        return switch (encoding) {
            case "base64" -> Base64.getEncoder().encodeToString(bytes);
            case "base64url" -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            default -> HexFormat.of().formatHex(bytes);
        };
    }

    private byte[] result() {
        return hash != null ? hash.digest() : mac != null ? mac.doFinal() : new byte[0];
    }

    /** The same state once more, null for what cannot be copied. */
    @HostAccess.Export
    public @Nullable CryptoDigest copy() {
        try {
            return hash == null ? null : of((MessageDigest) hash.clone());
        } catch (CloneNotSupportedException cannot) {
            return null;
        }
    }
}
