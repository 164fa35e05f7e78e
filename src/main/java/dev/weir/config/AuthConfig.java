package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who clients are. */
@Doc("Who clients are.")
public record AuthConfig(
        @Doc("How tokens are verified; absent keeps signed-in addresses closed.") @Nullable
        JwtConfig jwt,

        @Doc("Who signs in to the console with a name and a password.")
        ConsoleConfig console) {
    /** How JSON Web Tokens are verified. */
    @Doc("JSON Web Tokens: give secret, jwks or key.")
    public record JwtConfig(
            @Doc("HS256 secret, at least 32 characters.") @Secret @Nullable
            String secret,

            @Doc("File or http(s) address of a JSON Web Key Set.") @Nullable
            String jwks,

            @Doc("PEM file with a public key (RS256 or ES256).") @Nullable
            String key,

            @Doc("Required iss claim.") @Nullable String issuer,
            @Doc("Required aud claim.") @Nullable String audience,

            @Doc(value = "Claim with the roles, dots descend.", example = "realm_access.roles") @Default("roles")
            String roles,

            @Doc("Clock difference tolerated in exp and nbf.") @Default("30s")
            Duration leeway) {}

    /** Who signs in to the console with a name and a password, beside those who have a token. */
    @Doc("Who signs in to the console with a name and a password.")
    public record ConsoleConfig(
            @Doc("The users; without any, and without auth.jwt, the node prints a link for the first operator.")
            @Default("[]")
            List<UserConfig> users,

            @Doc("How long somebody stays signed in.") @Default("12h") @Range(min = 60_000)
            Duration session,

            @Doc(
                    "Mixed into the keys that sign sessions, at least 32 characters; without it who reads the hashes can sign in.")
            @Secret
            @Nullable
            String secret) {
        /** The {@code iss} of the tokens that the console gives out; no other token may have it. */
        public static final String ISSUER = "weir-console";

        /** Who signed in by the link for the first operator. */
        public static final String FIRST = "first-operator";
    }

    /** One user of the console. */
    @Doc("One user of the console.")
    public record UserConfig(
            @Doc(value = "The name to sign in with.", example = "ann")
            String name,

            @Doc(value = "What scripts/weir password makes of the password.", example = "pbkdf2-sha256$600000$...")
            @Secret
            String password,

            @Doc("viewer sees everything that operators see and changes nothing; operator acts.") @Default("viewer")
            ConsoleRole role,

            Location at) {}

    /** What a user of the console may. */
    public enum ConsoleRole {
        /** Looks on. */
        VIEWER,
        /** Acts. */
        OPERATOR
    }
}
