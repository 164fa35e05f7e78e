package dev.weir.edge.bridge;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of WebSocket frames as they are. */
final class FrameSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    /** A frame of the server; its payload's bytes stand as characters. */
    record Frame(int first, String payload) {
        String text() {
            return new String(payload.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        int status() {
            return payload.charAt(0) << 8 | payload.charAt(1);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final String head;

    /** Asks for the raw WebSocket with these headers and reads the head of the answer. */
    FrameSocket(int port, String headers) throws IOException {
        this(port, "/eventbus/websocket", headers, 0);
    }

    /** @param receiveBytes how much the client takes in without reading; 0 leaves it to the system */
    FrameSocket(int port, String path, String headers, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        write("GET " + path + " HTTP/1.1\r\nhost: x\r\n" + headers + "\r\n");
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            read.append((char) in.readUnsignedByte());
        }
        head = read.toString();
    }

    String head() {
        return head;
    }

    void write(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A masked frame whose mask is zero, so that tests stay readable. */
    void frame(int first, byte[] payload) throws IOException {
        frame(first, payload, 0);
    }

    void frame(int first, String payload) throws IOException {
        frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A frame with a mask. */
    void frame(int first, byte[] payload, int mask) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(payload.length + 14).put((byte) first);
        if (payload.length < 126) {
            bytes.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            bytes.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            bytes.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] key = ByteBuffer.allocate(4).putInt(mask).array();
        bytes.put(key);
        for (int i = 0; i < payload.length; i++) {
            bytes.put((byte) (payload[i] ^ key[i % 4]));
        }
        socket.getOutputStream().write(bytes.array(), 0, bytes.position());
    }

    Frame read() throws IOException {
        int first = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        return new Frame(first, new String(payload, StandardCharsets.ISO_8859_1));
    }

    /** What comes up to the end. */
    byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    boolean isAtEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException end) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
