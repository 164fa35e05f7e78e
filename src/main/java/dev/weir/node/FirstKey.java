package dev.weir.node;

import dev.weir.bus.Addresses;
import dev.weir.config.JournalConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of a node that signs in its first operator. Where the node has a data folder of its own the key is kept there, for its
 * owner's eyes only, so that a restart signs nobody out; elsewhere it lives as long as the process, in a cluster as long as any node.
 * Blocking, but for {@link #agreed}; one caller at a time.
 */
final class FirstKey {
    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);
    private static final String FILE = "console.key";
    private static final String SHARED = "first-key";
    private static final int BYTES = 32;

    private byte @Nullable [] own;

    /** The key; the folder is the node's already, where it needs one. */
    byte[] of(NodeSettings settings, boolean clustered) {
        byte[] known = own;
        if (known == null) {
            boolean folder = EngineChoice.isNeeded(settings.policies())
                    && EngineChoice.of(settings.loaded(), clustered) == JournalConfig.Engine.SQLITE;
            known = folder
                    ? kept(settings.loaded()
                            .resolve(settings.loaded().config().journal().path()))
                    : made();
            own = known;
        }
        return known.clone();
    }

    /**
     * The key that all nodes of a cluster sign with: that of the node which said it first, as long as any of them runs. So the link that
     * one of them prints, and the token it gives, are good everywhere.
     */
    static Future<byte[]> agreed(Vertx vertx, byte[] own) {
        if (!vertx.isClustered()) {
            return Future.succeededFuture(own);
        }
        return vertx.sharedData()
                .<String, String>getAsyncMap(Addresses.CONSOLE)
                .compose(map -> map.putIfAbsent(SHARED, Base64.getEncoder().encodeToString(own)))
                .map(first -> first == null ? own : Base64.getDecoder().decode(first))
                .recover(failure -> {
                    LOG.warn("the link for the first operator is good on this node only: {}", failure.toString());
                    return Future.succeededFuture(own);
                });
    }

    private static byte[] kept(Path folder) {
        Path file = folder.resolve(FILE);
        byte[] key = made();
        try {
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var channel = Files.newByteChannel(file, options, ownersOnly(folder))) {
                channel.write(
                        StandardCharsets.US_ASCII.encode(Base64.getEncoder().encodeToString(key)));
            }
            return key;
        } catch (FileAlreadyExistsException before) {
            return read(file, key);
        } catch (IOException failure) {
            LOG.warn("{} cannot be written, so a restart signs the first operator out: {}", file, failure.toString());
            return key;
        }
    }

    private static byte[] read(Path file, byte[] otherwise) {
        try {
            byte[] key = Base64.getDecoder().decode(Files.readString(file).trim());
            if (key.length == BYTES) {
                return key;
            }
            LOG.warn("{} holds no key, so a restart signs the first operator out; remove it", file);
        } catch (IOException | IllegalArgumentException failure) {
            LOG.warn("{} cannot be read, so a restart signs the first operator out: {}", file, failure.toString());
        }
        return otherwise;
    }

    private static FileAttribute<?>[] ownersOnly(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static byte[] made() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
