package dev.weir.edge.auth;

import dev.weir.event.InvalidEventException;
import dev.weir.event.JsonFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key that verifies tokens. It stands for exactly one algorithm, so that a token cannot choose another one. Immutable.
 *
 * @param kid its name in a key set, null when it verifies tokens whatever key they name
 * @param algorithm the only {@code alg} it verifies
 * @param material the secret, the PEM text, or the JSON Web Key
 * @param json whether the material is a JSON Web Key
 */
public record JwtKey(@Nullable String kid, String algorithm, String material, boolean json) {
    private static final int MIN_RSA_BITS = 2048;
    private static final int P256_BITS = 256;
    private static final Set<String> RSA = Set.of("RS256", "RS384", "RS512");
    private static final Set<String> EC = Set.of("ES256", "ES384");
    private static final Pattern PEM = Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----");

    /** A shared secret for HS256. */
    static JwtKey ofSecret(String secret) {
        return new JwtKey(null, "HS256", secret, false);
    }

    /**
     * The public key of a PEM file, RS256 or ES256 as the key is.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static JwtKey ofPem(String pem) {
        Matcher block = PEM.matcher(pem);
        if (!block.find()) {
            throw new IllegalArgumentException("holds no block that begins with -----BEGIN PUBLIC KEY-----");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not valid PEM: " + e.getMessage(), e);
        }
        return new JwtKey(null, algorithmOf(new X509EncodedKeySpec(der)), block.group(), false);
    }

    private static String algorithmOf(X509EncodedKeySpec spec) {
        if (read("RSA", spec) instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("holds an RSA key of fewer than " + MIN_RSA_BITS + " bits");
            }
            return "RS256";
        }
        if (read("EC", spec) instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() == P256_BITS) {
            return "ES256";
        }
        throw new IllegalArgumentException("holds neither an RSA key nor an elliptic curve key on P-256");
    }

    private static @Nullable PublicKey read(String family, X509EncodedKeySpec spec) {
        try {
            return KeyFactory.getInstance(family).generatePublic(spec);
        } catch (GeneralSecurityException anotherFamily) {
            return null;
        }
    }

    /**
     * The keys of a JSON Web Key Set that can verify signatures: RSA and elliptic curve. Others are left out.
     *
     * @throws IllegalArgumentException with a message for the user when there is none
     */
    static List<JwtKey> ofKeySet(String text) {
        List<JwtKey> usable = new ArrayList<>();
        try {
            Object read = JsonFormat.decodeData(Buffer.buffer(text));
            if (!(read instanceof JsonObject set)) {
                throw new IllegalArgumentException("is not a JSON Web Key Set: it is no JSON object");
            }
            JsonArray keys = set.getJsonArray("keys", new JsonArray());
            for (Object key : keys) {
                if (key instanceof JsonObject jwk) {
                    JwtKey usableKey = ofJson(jwk);
                    if (usableKey != null) {
                        usable.add(usableKey);
                    }
                }
            }
        } catch (InvalidEventException | ClassCastException e) {
            throw new IllegalArgumentException("is not a JSON Web Key Set: " + e.getMessage(), e);
        }
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("holds no RSA or elliptic curve key for signatures below \"keys\"");
        }
        return List.copyOf(usable);
    }

    private static @Nullable JwtKey ofJson(JsonObject jwk) {
        String family = jwk.getString("kty", "");
        boolean rsa = family.equals("RSA") && jwk.containsKey("n") && jwk.containsKey("e");
        boolean ec = family.equals("EC") && jwk.containsKey("x") && jwk.containsKey("y");
        String byCurve = "P-384".equals(jwk.getString("crv")) ? "ES384" : "ES256";
        String algorithm = jwk.getString("alg", rsa ? "RS256" : byCurve);
        boolean known = (rsa && RSA.contains(algorithm)) || (ec && EC.contains(algorithm));
        if (!known || "enc".equals(jwk.getString("use"))) {
            return null;
        }
        return new JwtKey(
                jwk.getString("kid"),
                algorithm,
                jwk.copy().put("alg", algorithm).encode(),
                true);
    }

    /** Whether the key may have signed a token with this header. */
    boolean fits(JwtHeader header) {
        return algorithm.equals(header.algorithm())
                && (kid == null || header.kid() == null || kid.equals(header.kid()));
    }

    JWTAuthOptions options() {
        JWTAuthOptions options = new JWTAuthOptions();
        // Times and claims are checked by Weir, which says why it refuses.
        options.getJWTOptions().setIgnoreExpiration(true);
        return json
                ? options.addJwk(new JsonObject(material))
                : options.addPubSecKey(
                        new PubSecKeyOptions().setAlgorithm(algorithm).setBuffer(material));
    }
}
