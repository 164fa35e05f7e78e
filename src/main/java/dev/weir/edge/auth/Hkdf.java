package dev.weir.edge.auth;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes keys out of a secret: HKDF with SHA-256 (RFC 5869). Stateless. */
final class Hkdf {
    private static final String MAC = "HmacSHA256";
    private static final int BLOCK = 32;

    private Hkdf() {}

    /**
     * A key.
     *
     * @param salt any bytes, may be empty
     * @param material the secret
     * @param info what the key is for; another purpose gets another key
     * @param bytes how many, up to 255 times 32
     */
    static byte[] derive(byte[] salt, byte[] material, byte[] info, int bytes) {
        byte[] extracted = mac(salt.length == 0 ? new byte[BLOCK] : salt, material);
        byte[] key = new byte[bytes];
        byte[] block = new byte[0];
        for (int at = 0, number = 1; at < bytes; at += BLOCK, number++) {
            byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, input, block.length, info.length);
            input[input.length - 1] = (byte) number;
            block = mac(extracted, input);
            System.arraycopy(block, 0, key, at, Math.min(BLOCK, bytes - at));
        }
        return key;
    }

    private static byte[] mac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + MAC, impossible);
        }
    }
}
