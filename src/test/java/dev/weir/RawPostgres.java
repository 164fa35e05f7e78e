package dev.weir;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A session of a PostgreSQL server that speaks its protocol message by message, so that it may stop in the middle of anything. */
public final class RawPostgres implements AutoCloseable {
    private static final int PROTOCOL = 196608;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final int pid;

    /** Signs in without a password. */
    public RawPostgres(int port, String user, String database, String application) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        byte[] first = bytes("user", user, "database", database, "application_name", application, "");
        out.writeInt(first.length + 2 * Integer.BYTES);
        out.writeInt(PROTOCOL);
        out.write(first);
        pid = ByteBuffer.wrap(answer('K')).getInt();
        await('Z');
    }

    /** The server's process of this session. */
    public int pid() {
        return pid;
    }

    private static byte[] bytes(String... texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : texts) {
            all.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            all.write(0);
        }
        return all.toByteArray();
    }

    /** Reads answers up to one of this type; an error of the server is an exception. */
    private byte[] answer(char type) throws IOException {
        char found;
        byte[] body;
        do {
            found = (char) in.readByte();
            body = in.readNBytes(in.readInt() - Integer.BYTES);
            if (found == 'E') {
                throw new IOException(new String(body, StandardCharsets.UTF_8));
            }
        } while (found != type);
        return body;
    }

    /** Waits for an answer of this type; an error of the server is an exception. */
    @SuppressWarnings("CheckReturnValue") // That it came is all that is asked.
    public void await(char type) throws IOException {
        answer(type);
    }

    /** Sends a message of a type. */
    public void send(char type, byte... body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + Integer.BYTES);
        out.write(body);
        out.flush();
    }

    /** Sends the beginning of a message and nothing more. */
    public void begin(char type, int length) throws IOException {
        out.writeByte(type);
        out.writeInt(length + Integer.BYTES);
        out.flush();
    }

    /** Sends a statement. */
    public void ask(String sql) throws IOException {
        send('Q', bytes(sql));
    }

    /** Runs a statement. */
    public void run(String sql) throws IOException {
        ask(sql);
        await('Z');
    }

    /** Runs a statement as drivers do, but does not say that this is all. */
    public void runWithoutSync(String sql) throws IOException {
        send('P', concat(bytes("", sql), 2));
        send('B', concat(bytes("", ""), 6));
        send('E', concat(bytes(""), 4));
        send('H');
        await('C');
    }

    private static byte[] concat(byte[] first, int zeros) {
        return java.util.Arrays.copyOf(first, first.length + zeros);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
