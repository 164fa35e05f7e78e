package dev.weir;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A network between clients and a PostgreSQL server that fails where a test wants it to: it understands enough of the protocol to
 * know a {@code COMMIT} when it sees one, whether as text or as a prepared statement. It also makes answers late.
 */
public final class PostgresProxy implements AutoCloseable {
    /** What becomes of a connection at its next commit. */
    public enum Cut {
        /** It ends before the server has the commit. */
        BEFORE,
        /** It ends after the server has committed, before the client knows. */
        AFTER,
        /** It ends for the client; the server gets the commit when {@link #release} says so, and thinks all is well until then. */
        HELD
    }

    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final byte[] READY = {'Z', 0, 0, 0, 5, 'I'};

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int server;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final AtomicReference<Cut> next = new AtomicReference<>();
    private final AtomicBoolean stalling = new AtomicBoolean();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile long delayNanos;
    private volatile boolean closed;

    /** @param server the port of the server */
    public PostgresProxy(int server) throws IOException {
        this.server = server;
        new Thread(this::accept, "proxy").start();
    }

    /** A URI of the server as one of this proxy. */
    public String uri(String uri) {
        return uri.replace(":" + server + "/", ":" + listening.getLocalPort() + "/");
    }

    /** The next commit of any connection is its last. */
    public void cut(Cut how) {
        if (how == Cut.HELD) {
            held = new CountDownLatch(1);
        }
        next.set(how);
    }

    /** Whether a commit has come since {@link #cut}. */
    public boolean hasCut() {
        return next.get() == null;
    }

    /** The next connection that sends rows stands still before the first, in both directions, until {@link #release}. */
    public void stallRows() {
        held = new CountDownLatch(1);
        stalling.set(true);
    }

    /** Passes a commit on that was {@link Cut#HELD}, and rows that stand still. */
    public void release() {
        held.countDown();
    }

    /** How much later every answer comes from now on. */
    public void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /** Ends all connections, as a firewall that forgets them does. */
    public void dropAll() {
        links.forEach(Link::close);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                Socket real = new Socket(InetAddress.getLoopbackAddress(), server);
                client.setTcpNoDelay(true);
                real.setTcpNoDelay(true);
                Link link = new Link(client, real);
                links.add(link);
                new Thread(link::requests, "proxy-out").start();
                new Thread(link::answers, "proxy-in").start();
            } catch (IOException e) {
                // The server is away or the test is over: the client sees its connection end.
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        release();
        listening.close();
        dropAll();
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection of a client and its twin to the server. */
    private final class Link {
        private final Socket client;
        private final Socket real;
        private final Map<String, String> statements = new HashMap<>();
        private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();
        private volatile boolean deaf;
        private volatile boolean stalled;
        private long due;

        Link(Socket client, Socket real) {
            this.client = client;
            this.real = real;
        }

        void close() {
            end(client);
            end(real);
            late.shutdownNow();
        }

        void requests() {
            try {
                DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
                DataOutputStream out = new DataOutputStream(real.getOutputStream());
                boolean asked = true;
                while (asked) {
                    byte[] first = in.readNBytes(in.readInt() - Integer.BYTES);
                    out.writeInt(first.length + Integer.BYTES);
                    out.write(first);
                    int code = ByteBuffer.wrap(first).getInt();
                    asked = code == SSL_REQUEST || code == GSS_REQUEST;
                }
                while (pass(in, out)) {
                    // Until it is cut.
                }
            } catch (IOException e) {
                close();
            }
        }

        private boolean pass(DataInputStream in, DataOutputStream out) throws IOException {
            in.mark(1);
            if (in.readByte() == 'd' && stalling.getAndSet(false)) {
                stalled = true;
                awaitRelease();
                stalled = false;
            }
            in.reset();
            byte[] message = message(in);
            Cut cut = isCommit(message) ? next.getAndSet(null) : null;
            if (cut == null) {
                out.write(message);
                return true;
            }
            deaf = true;
            ByteArrayOutputStream commit = new ByteArrayOutputStream();
            commit.writeBytes(message);
            while (message[0] != 'S' && message[0] != 'Q') {
                message = message(in);
                commit.writeBytes(message);
            }
            if (cut == Cut.BEFORE) {
                close();
                return false;
            }
            if (cut == Cut.HELD) {
                end(client);
                awaitRelease();
            }
            out.write(commit.toByteArray());
            return false;
        }

        private void awaitRelease() throws IOException {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private byte[] message(DataInputStream in) throws IOException {
            byte type = in.readByte();
            int length = in.readInt();
            byte[] body = in.readNBytes(length - Integer.BYTES);
            return ByteBuffer.allocate(1 + length)
                    .put(type)
                    .putInt(length)
                    .put(body)
                    .array();
        }

        private boolean isCommit(byte[] message) {
            int at = 1 + Integer.BYTES;
            return switch (message[0]) {
                case 'Q' -> text(message, at).equalsIgnoreCase("COMMIT");
                case 'P' -> {
                    String name = text(message, at);
                    statements.put(name, text(message, at + name.length() + 1));
                    yield false;
                }
                case 'B' -> {
                    String portal = text(message, at);
                    String statement = text(message, at + portal.length() + 1);
                    yield "COMMIT".equalsIgnoreCase(statements.get(statement));
                }
                default -> false;
            };
        }

        private String text(byte[] message, int from) {
            int to = from;
            while (message[to] != 0) {
                to++;
            }
            return new String(message, from, to - from, StandardCharsets.ISO_8859_1);
        }

        void answers() {
            byte[] chunk = new byte[1 << 16];
            try {
                InputStream in = real.getInputStream();
                for (int size = in.read(chunk); size > 0; size = in.read(chunk)) {
                    byte[] bytes = Arrays.copyOf(chunk, size);
                    if (stalled) {
                        awaitRelease();
                    }
                    if (!deaf) {
                        long now = System.nanoTime();
                        due = Math.max(due, now + delayNanos);
                        var unused = late.schedule(() -> answer(bytes), due - now, TimeUnit.NANOSECONDS);
                    } else if (size >= READY.length
                            && Arrays.equals(READY, Arrays.copyOfRange(bytes, size - READY.length, size))) {
                        break;
                    }
                }
            } catch (IOException e) {
                // One of the two has gone.
            }
            close();
        }

        private void answer(byte[] bytes) {
            try {
                OutputStream out = client.getOutputStream();
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                close();
            }
        }
    }
}
