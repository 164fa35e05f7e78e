package dev.weir;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens with nothing but the JDK, as an identity provider would. */
public final class Tokens {
    /** A secret long enough. */
    public static final String SECRET = "a secret of at least thirty-two characters";

    private Tokens() {}

    /** Claims of a token that is valid for seconds from now; negative is expired. */
    public static JsonObject claims(String sub, long seconds) {
        return new JsonObject().put("sub", sub).put("exp", System.currentTimeMillis() / 1000 + seconds);
    }

    /** What is done with tokens that are valid for so many seconds. */
    @FunctionalInterface
    public interface Step<T extends AutoCloseable> {
        /** Does it. */
        T with(long seconds) throws Exception;
    }

    /**
     * Does with tokens that end soon what has to be done before they end. Where the machine was too slow for that, it is done
     * again with tokens that live longer.
     */
    public static <T extends AutoCloseable> T inTime(Step<T> step) throws Exception {
        for (long seconds = 2; ; seconds *= 2) {
            // Tokens count in whole seconds.
            long end = System.currentTimeMillis() + (seconds - 1) * 1000;
            try {
                T done = step.with(seconds);
                if (System.currentTimeMillis() < end) {
                    return done;
                }
                done.close();
            } catch (AssertionError | Exception failed) {
                if (System.currentTimeMillis() < end || seconds > 60) {
                    throw failed;
                }
            }
        }
    }

    /** A token signed with the secret. */
    public static String hs256(JsonObject claims) {
        return hs256(new JsonObject().put("alg", "HS256"), claims, SECRET.getBytes(StandardCharsets.UTF_8));
    }

    /** A token signed with any bytes as the secret. */
    public static String hs256(JsonObject header, JsonObject claims, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            String signed = unsigned(header, claims);
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token signed with a private key, as its header says. */
    public static String signed(JsonObject header, JsonObject claims, PrivateKey key) {
        try {
            boolean rsa = key.getAlgorithm().equals("RSA");
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(key);
            String text = unsigned(header, claims);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Header and claims with a dot between them. */
    public static String unsigned(JsonObject header, JsonObject claims) {
        return base64(header.encode().getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(claims.encode().getBytes(StandardCharsets.UTF_8));
    }

    /** A new RSA key pair. */
    public static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new key pair on P-256. */
    public static KeyPair ec() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A public key as PEM. */
    public static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** A key set with one RSA key. */
    public static JsonObject keySet(String kid, PublicKey key) {
        RSAPublicKey rsa = (RSAPublicKey) key;
        return new JsonObject()
                .put(
                        "keys",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("kty", "RSA")
                                        .put("kid", kid)
                                        .put("use", "sig")
                                        .put("n", base64(unsignedBytes(rsa.getModulus())))
                                        .put("e", base64(unsignedBytes(rsa.getPublicExponent())))));
    }

    private static byte[] unsignedBytes(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
