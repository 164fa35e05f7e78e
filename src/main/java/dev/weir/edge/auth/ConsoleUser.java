package dev.weir.edge.auth;

import dev.weir.bus.Principal;
import dev.weir.config.AuthConfig.ConsoleConfig;
import dev.weir.config.AuthConfig.ConsoleRole;
import dev.weir.config.AuthConfig.UserConfig;
import dev.weir.config.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may sign in to the console. Immutable.
 *
 * @param name to sign in with
 * @param role {@link Principal#OPERATOR} or {@link Principal#VIEWER}
 * @param password null for who comes by a link
 * @param key signs the tokens of this user; another password makes another key, which ends them
 */
record ConsoleUser(String name, String role, @Nullable PasswordHash password, SecretKey key) {
    private static final String PURPOSE = "weir console session 1 ";
    private static final int KEY_BYTES = 32;

    static ConsoleUser of(UserConfig user, @Nullable String secret) {
        PasswordHash password = PasswordHash.parse(user.password());
        byte[] salt = secret == null ? new byte[0] : secret.getBytes(StandardCharsets.UTF_8);
        String role = user.role() == ConsoleRole.OPERATOR ? Principal.OPERATOR : Principal.VIEWER;
        return new ConsoleUser(user.name(), role, password, key(salt, password.bytes(), user.name()));
    }

    /** The operator of a node that has no other; signed with a key of the node's own. */
    static ConsoleUser first(byte[] key) {
        return new ConsoleUser(
                ConsoleConfig.FIRST, Principal.OPERATOR, null, key(new byte[0], key, ConsoleConfig.FIRST));
    }

    private static SecretKey key(byte[] salt, byte[] material, String name) {
        byte[] info = (PURPOSE + name).getBytes(StandardCharsets.UTF_8);
        return new SecretKeySpec(Hkdf.derive(salt, material, info, KEY_BYTES), "HmacSHA256");
    }

    String subject() {
        return Principal.CONSOLE_PREFIX + name;
    }

    /** Tells keys apart without telling anything of them. */
    String keyId() {
        byte[] info = "id".getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Hkdf.derive(new byte[0], key.getEncoded(), info, 8));
    }
}
