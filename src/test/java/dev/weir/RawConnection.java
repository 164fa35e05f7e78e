package dev.weir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection that sends bytes as they are, for what HTTP clients would tidy up or never do. */
public final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final StringBuilder unsent = new StringBuilder();

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    /** Connects. */
    public static RawConnection open(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new RawConnection(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects and sends a request without a body. */
    public static RawConnection get(int port, String path, String... headers) {
        return open(port).head("GET", path, headers).send("\r\n");
    }

    /** Connects and asks for a WebSocket. */
    public static RawConnection webSocket(int port, String path, String... headers) {
        return open(port).head("GET", path, headers).send("""
                        Connection: Upgrade\r
                        Upgrade: websocket\r
                        Sec-WebSocket-Version: 13\r
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                        \r
                        """);
    }

    /**
     * The first lines of a request, headers as name, value, name, value, without the empty line. They leave with what is sent
     * next, so that a pause of the machine does not make a slow client of this one.
     */
    public RawConnection head(String method, String path, String... headers) {
        unsent.append(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + socket.getPort());
        for (int i = 0; i < headers.length; i += 2) {
            unsent.append("\r\n").append(headers[i]).append(": ").append(headers[i + 1]);
        }
        unsent.append("\r\n");
        return this;
    }

    /** Sends text, in which every character is one byte. */
    public RawConnection send(String text) {
        try {
            String all = unsent.append(text).toString();
            unsent.setLength(0);
            socket.getOutputStream().write(all.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads up to the end of the answer's head and gives it. */
    public String answerHead() {
        return readUntil("\r\n\r\n");
    }

    /** Reads up to the end of the answer's head and gives its status. */
    public int status() {
        return Integer.parseInt(answerHead().substring(9, 12));
    }

    /** Reads until the text came, or everything when the server ends the connection before. */
    public String readUntil(String end) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            int next = socket.getInputStream().read();
            while (next >= 0) {
                read.write(next);
                if (next == end.charAt(end.length() - 1)
                        && read.toString(StandardCharsets.UTF_8).endsWith(end)) {
                    break;
                }
                next = socket.getInputStream().read();
            }
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException("the server sent only: " + read.toString(StandardCharsets.UTF_8), e);
        } catch (IOException reset) {
            return read.toString(StandardCharsets.UTF_8);
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** Takes up to so many bytes that came or will come; how many, -1 at the end of the connection. */
    public int take(int most) {
        try {
            return socket.getInputStream().read(new byte[most]);
        } catch (IOException reset) {
            return -1;
        }
    }

    /** Whether the server has ended the connection and everything was read; looks for a moment only. */
    public boolean isClosed() {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Everything up to the end of the connection, which the server must end. */
    public String rest() {
        return readUntil("\0\0 never");
    }

    /** Ends the connection as a machine that fails does: nothing is said, the peer's next bytes are answered with a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
