package dev.weir.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus's port, held from the moment it was found free until the bus takes it: joining the cluster lies between, and
 * nodes that start together on one machine would all find the same one free. Thread-safe.
 */
final class BusPort {
    private static final Logger LOG = LoggerFactory.getLogger(BusPort.class);

    private final ServerSocket held;
    private final int number;

    private BusPort(ServerSocket held) {
        this.held = held;
        this.number = held.getLocalPort();
    }

    /** @throws IOException when another process has it, or the host is none of this machine's */
    static BusPort take(String host, int port) throws IOException {
        return new BusPort(new ServerSocket(port, 1, InetAddress.getByName(host)));
    }

    int number() {
        return number;
    }

    /** Lets the event bus have it. */
    void release() {
        try {
            held.close();
        } catch (IOException unlikely) {
            LOG.debug("the event bus's port was not given up", unlikely);
        }
    }
}
