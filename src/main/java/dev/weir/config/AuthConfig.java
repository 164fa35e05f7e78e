package dev.weir.config;

import org.jspecify.annotations.Nullable;

/** Who clients are. */
@Doc("Who clients are.")
public record AuthConfig(
        @Doc("How tokens are verified; absent keeps signed-in addresses closed.") @Nullable
        JwtConfig jwt) {
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
            java.time.Duration leeway) {}
}
