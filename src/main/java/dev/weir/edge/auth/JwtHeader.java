package dev.weir.edge.auth;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a token says of its signature, before anything was verified.
 *
 * @param algorithm how it claims to be signed
 * @param kid the key it names
 */
record JwtHeader(String algorithm, @Nullable String kid) {
    private static final int LONGEST = 16 * 1024;

    /** @throws Refusal when the text is no token, or one with extensions that must be understood */
    static JwtHeader of(String token) {
        String[] parts = token.length() > LONGEST ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3) {
            throw notAToken();
        }
        try {
            byte[] text = Base64.getUrlDecoder().decode(parts[0]);
            JsonObject header = new JsonObject(new String(text, StandardCharsets.UTF_8));
            if (header.containsKey("crit")) {
                throw notAToken();
            }
            return new JwtHeader(header.getString("alg", ""), header.getString("kid"));
        } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
            throw notAToken();
        }
    }

    static Refusal notAToken() {
        return new Refusal(FailureCode.NOT_LOGGED_IN, "the token is not a JSON Web Token");
    }
}
