package dev.weir.flow.sink;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what webhooks send, as the specification Standard Webhooks 1.0 says: HMAC-SHA256 over {@code id.timestamp.body}. Immutable;
 * says nothing of its secret.
 */
final class Signer {
    /** In front of a secret that is bytes in base 64; any other is taken as it is. */
    private static final String BYTES = "whsec_";

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] secret;

    private Signer(byte[] secret) {
        this.secret = secret;
    }

    /** @throws IllegalArgumentException when the secret says that it is base 64 and is not, or is empty */
    static Signer of(String secret) {
        byte[] bytes = secret.startsWith(BYTES)
                ? Base64.getDecoder().decode(secret.substring(BYTES.length()))
                : secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an empty secret");
        }
        return new Signer(bytes);
    }

    /** The value of the header {@code webhook-signature}. */
    String sign(String id, long seconds, Buffer body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
            mac.update(body.getBytes());
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, impossible);
        }
    }
}
