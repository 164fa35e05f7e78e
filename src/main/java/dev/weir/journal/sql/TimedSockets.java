package dev.weir.journal.sql;

import dev.weir.time.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets for PostgreSQL's driver on which a write, too, takes no longer than a time-out. TCP waits for ever for a peer that confirms
 * packets and takes nothing, as a server that hangs does once its buffers are full, and a quarter of an hour for one that is gone;
 * the driver's own time-outs are for reading only. A write that lasts longer ends with its connection. Public for the driver, which
 * makes it by its name. Thread-safe.
 */
public final class TimedSockets extends SocketFactory {
    private static final Logger LOG = LoggerFactory.getLogger(TimedSockets.class);
    private static final long LOOK_MILLIS = 500;
    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private final long mostNanos;

    /** @param seconds how long a write may take */
    public TimedSockets(String seconds) {
        this.mostNanos = TimeUnit.SECONDS.toNanos(Long.parseLong(seconds));
    }

    /** One for all, which ends when there is no socket any more. */
    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, task -> {
            Thread own = new Thread(task, "weir-journal-writes");
            own.setDaemon(true);
            return own;
        });
        made.setRemoveOnCancelPolicy(true);
        made.setKeepAliveTime(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    @Override
    public Socket createSocket() {
        return new Timed(mostNanos);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    private Socket connected(SocketAddress remote, @Nullable SocketAddress local) throws IOException {
        Socket socket = createSocket();
        socket.bind(local);
        socket.connect(remote);
        return socket;
    }

    /** A socket that is looked at from its connection to its end. Written to by one thread at a time. */
    private static final class Timed extends Socket {
        private final Clock clock = Clock.system();
        private final long mostNanos;
        private volatile @Nullable ScheduledFuture<?> looking;
        private volatile long begunNanos;
        private volatile boolean writing;

        Timed(long mostNanos) {
            this.mostNanos = mostNanos;
        }

        @Override
        public void connect(SocketAddress remote) throws IOException {
            connect(remote, 0);
        }

        @Override
        public void connect(SocketAddress remote, int timeoutMillis) throws IOException {
            super.connect(remote, timeoutMillis);
            looking = THREAD.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void look() {
            ScheduledFuture<?> own = looking;
            if (isClosed() && own != null) {
                own.cancel(false);
            }
            if (isClosed() || !writing || clock.nanos() - begunNanos < mostNanos) {
                return;
            }
            LOG.warn("{} takes nothing; the connection is given up", getRemoteSocketAddress());
            try {
                close();
            } catch (IOException e) {
                LOG.debug("a connection that is given up did not end well", e);
            }
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            OutputStream out = super.getOutputStream();
            return new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                    begunNanos = clock.nanos();
                    writing = true;
                    try {
                        out.write(bytes, from, count);
                    } finally {
                        writing = false;
                    }
                }

                @Override
                public void close() throws IOException {
                    Timed.this.close();
                }
            };
        }
    }
}
