package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import io.vertx.core.Context;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who has which port. Vert.x lets servers of one JVM that name the same port share it, which is right for the instances of one
 * verticle and for nobody else. Thread-safe.
 */
final class Ports {
    private static final String MAP = "dev.weir.script.ports";

    private Ports() {}

    /** The port is taken; the message says by whom and who wants it. */
    static final class TakenException extends Exception {
        private static final long serialVersionUID = 1;

        TakenException(String message) {
            super(message, null, false, false);
        }
    }

    /** The instances of one verticle that share a port. */
    private record Owner(Path file, Set<Context> instances) implements Shareable {}

    /** That one instance has a port. */
    record Claim(LocalMap<String, Owner> all, String key, Context instance) {
        /** Another one may have it. */
        void release() {
            all.computeIfPresent(key, (same, owner) -> {
                owner.instances().remove(instance);
                return owner.instances().isEmpty() ? null : owner;
            });
        }
    }

    /**
     * Takes a port; 0 is always free.
     *
     * @throws TakenException when another verticle, this instance itself or another server has it
     */
    static Claim claim(ScriptHost host, int port, String address) throws TakenException {
        LocalMap<String, Owner> all = host.vertx().sharedData().getLocalMap(MAP);
        String key = port + "/" + address;
        if (port == 0) {
            return new Claim(all, key, host.context());
        }
        boolean[] first = new boolean[1];
        Owner owner = all.compute(key, (same, before) -> {
            if (before == null) {
                first[0] = true;
                Set<Context> instances = ConcurrentHashMap.newKeySet();
                instances.add(host.context());
                return new Owner(host.file(), instances);
            }
            return before;
        });
        if (first[0]) {
            probe(host, port, address, new Claim(all, key, host.context()));
        } else if (!owner.file().equals(host.file())) {
            throw new TakenException(
                    "wanted by " + host.name() + ", taken by " + owner.file().getFileName());
        } else if (!owner.instances().add(host.context())) {
            throw new TakenException("wanted by " + host.name() + ", which has it already");
        }
        return new Claim(all, key, host.context());
    }

    /** What has to be known of a port that the system chose. */
    static Claim chosen(ScriptHost host, int port, String address) {
        LocalMap<String, Owner> all = host.vertx().sharedData().getLocalMap(MAP);
        String key = port + "/" + address;
        Set<Context> instances = ConcurrentHashMap.newKeySet();
        instances.add(host.context());
        all.put(key, new Owner(host.file(), instances));
        return new Claim(all, key, host.context());
    }

    /** Another server of this JVM would share it silently, so it is tried whether the port can be had. */
    private static void probe(ScriptHost host, int port, String address, Claim claim) throws TakenException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException failure) {
            if ("EADDRINUSE".equals(NetFailures.code(failure))) {
                claim.release();
                throw new TakenException("wanted by " + host.name() + ", taken by another server");
            }
            // Whatever else is wrong, binding it for good will say.
            host.log().debug("{}: {} at port {}", host.name(), failure.getMessage(), port);
        }
    }
}
