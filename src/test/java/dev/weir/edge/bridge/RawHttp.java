package dev.weir.edge.bridge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One HTTP exchange on its own connection, byte by byte: nothing is added to the request, and the answer's body is read as it
 * comes.
 */
final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final List<String> headers = new ArrayList<>();
    private int status;
    private boolean chunked;
    private long left;
    private boolean ended;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Reads the head once; a poll that waits sends it with its first frame only. */
    private void head() throws IOException {
        if (status != 0) {
            return;
        }
        status = Integer.parseInt(headLine().split(" ", -1)[1]);
        for (String line = headLine(); !line.isEmpty(); line = headLine()) {
            headers.add(line);
        }
        chunked = header("transfer-encoding").equalsIgnoreCase("chunked");
        String length = header("content-length");
        ended = status == 204 || status == 304 || status == 101;
        left = chunked || ended ? 0 : length.isEmpty() ? Long.MAX_VALUE : Long.parseLong(length);
    }

    /** Sends a request of HTTP/1.1. */
    static RawHttp send(int port, String method, String target, String headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String length = method.equals("POST") ? "content-length: " + bytes.length + "\r\n" : "";
        return write(
                port, method + " " + target + " HTTP/1.1\r\nhost: x\r\n" + length + lines(headers) + "\r\n", bytes);
    }

    static RawHttp get(int port, String target, String... headers) throws IOException {
        return send(port, "GET", target, String.join("\n", headers), "");
    }

    static RawHttp post(int port, String target, String body, String... headers) throws IOException {
        return send(port, "POST", target, String.join("\n", headers), body);
    }

    /** Sends bytes that are a request, or nearly. */
    static RawHttp write(int port, String head, byte[] body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(head.getBytes(StandardCharsets.ISO_8859_1));
            all.write(body);
            socket.getOutputStream().write(all.toByteArray());
            return new RawHttp(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String lines(String headers) {
        return headers.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.strip() + "\r\n")
                .collect(Collectors.joining());
    }

    private String headLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the server ended the connection in the head, after: " + line);
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    int status() throws IOException {
        head();
        return status;
    }

    /** A header's value, all of them joined by commas; empty without one. */
    String header(String name) throws IOException {
        head();
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return headers.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .collect(Collectors.joining(", "));
    }

    /** The next byte of the body, -1 at its end. */
    private int next() throws IOException {
        head();
        if (ended) {
            return -1;
        }
        if (left == 0 && !(chunked && beginChunk())) {
            ended = true;
            return -1;
        }
        int b = in.read();
        if (b < 0) {
            if (left != Long.MAX_VALUE) {
                throw new IOException("the server ended the connection in the body");
            }
            ended = true;
            return -1;
        }
        left--;
        if (chunked && left == 0 && (in.read() != '\r' || in.read() != '\n')) {
            throw new IOException("a chunk does not end where it should");
        }
        return b;
    }

    private boolean beginChunk() throws IOException {
        left = Long.parseLong(headLine(), 16);
        return left > 0;
    }

    /** What comes up to and with a text; what there is when the body ends before. */
    String upTo(String end) throws IOException {
        byte[] wanted = end.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int same = 0;
        for (int b = next(); b >= 0; b = next()) {
            read.write(b);
            same = b == wanted[same] ? same + 1 : b == wanted[0] ? 1 : 0;
            if (same == wanted.length) {
                break;
            }
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** The rest of the body, up to its end. */
    String body() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int b = next(); b >= 0; b = next()) {
            read.write(b);
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
