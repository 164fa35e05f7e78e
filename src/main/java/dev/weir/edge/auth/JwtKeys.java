package dev.weir.edge.auth;

import dev.weir.config.AuthConfig.JwtConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the keys that the configuration names. Blocking: called while starting or on a worker. Stateless. */
public final class JwtKeys {
    private JwtKeys() {}

    /** The configured keys; none when there are none, when they are at a URL, or when there is a problem. */
    public static List<JwtKey> load(LoadedConfig loaded, Problems problems) {
        JwtConfig config = loaded.config().auth().jwt();
        if (config == null || urlOf(config) != null) {
            return List.of();
        }
        if (config.secret() != null) {
            return List.of(JwtKey.ofSecret(config.secret()));
        }
        String key = config.key();
        String jwks = config.jwks();
        if (key != null) {
            return read(loaded, "auth.jwt.key", key, problems, text -> List.of(JwtKey.ofPem(text)));
        }
        return jwks == null ? List.of() : read(loaded, "auth.jwt.jwks", jwks, problems, JwtKey::ofKeySet);
    }

    /** Where keys are fetched from, null when they are in a file. */
    static @Nullable String urlOf(JwtConfig config) {
        String jwks = config.jwks();
        return jwks != null && (jwks.startsWith("http://") || jwks.startsWith("https://")) ? jwks : null;
    }

    private interface Reader {
        List<JwtKey> read(String text);
    }

    private static List<JwtKey> read(LoadedConfig loaded, String name, String path, Problems problems, Reader reader) {
        try {
            return reader.read(Files.readString(loaded.resolve(path)));
        } catch (IllegalArgumentException wrong) {
            problems.add(
                    loaded.origins().at(name),
                    name + ": " + path + " " + wrong.getMessage(),
                    "a public key is made with: openssl pkey -in private.pem -pubout");
        } catch (IOException unreadable) {
            // The configuration's own check of its files has said so already.
            return List.of();
        }
        return List.of();
    }
}
