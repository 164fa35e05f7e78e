package dev.weir.edge.auth;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * The JSON Web Tokens that the console gives out: HS256, all with the same header, so that one look at its first characters tells
 * them from those of the users' own issuer. Stateless.
 */
final class ConsoleTokens {
    private static final String MAC = "HmacSHA256";
    private static final String HEADER = base64("{\"alg\":\"HS256\",\"typ\":\"console+jwt\"}") + ".";
    private static final int LONGEST = 2048;

    private ConsoleTokens() {}

    /** Whether the text says of itself that it is one; nothing is verified. */
    static boolean isOne(String token) {
        return token.startsWith(HEADER);
    }

    static String sign(SecretKey key, JsonObject claims) {
        String signed = HEADER + base64(claims.encode());
        return signed + "." + signature(key, signed);
    }

    /**
     * What it says, not verified yet.
     *
     * @throws Refusal when it says nothing
     */
    static JsonObject claims(String token) {
        int end = token.lastIndexOf('.');
        if (end < HEADER.length() || token.length() > LONGEST) {
            throw JwtHeader.notAToken();
        }
        try {
            byte[] text = Base64.getUrlDecoder().decode(token.substring(HEADER.length(), end));
            return new JsonObject(new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | DecodeException | ClassCastException wrong) {
            throw JwtHeader.notAToken();
        }
    }

    /** @throws Refusal when it was not signed with the key */
    static void verify(String token, SecretKey key) {
        int end = token.lastIndexOf('.');
        byte[] right = signature(key, token.substring(0, end)).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(right, token.substring(end + 1).getBytes(StandardCharsets.UTF_8))) {
            throw new Refusal(FailureCode.NOT_LOGGED_IN, "the token has the wrong signature");
        }
    }

    private static String signature(SecretKey key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + MAC, impossible);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
