package dev.weir;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A real PostgreSQL server out of the binaries that Maven brings, on a port of its own. It refuses to run as root, so as root its
 * processes run in a user namespace in which nobody is root.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final Object MAKING = new Object();

    private final Path data;
    private final Path log;
    private final int port;
    private Process process;

    /** @param folder an empty folder for its data */
    public PostgresServer(Path folder) throws IOException, InterruptedException {
        this.data = folder.resolve("pg");
        this.log = folder.resolve("pg.log");
        this.port = Ports.free();
        finished(new ProcessBuilder("cp", "-a", template().toString(), data.toString()), folder);
        start();
    }

    private interface Making {
        void run() throws IOException, InterruptedException;
    }

    /** Makes something that is not there yet, in one of the processes in which tests run. */
    private static void once(Path folder, Path made, Making making) throws IOException, InterruptedException {
        synchronized (MAKING) {
            Files.createDirectories(folder);
            Path file = folder.resolve(made.getFileName() + ".lock");
            try (FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                if (!Files.exists(made)) {
                    making.run();
                }
            }
        }
    }

    /** The data of a new server, made once: that takes much longer than a copy. */
    private static Path template() throws IOException, InterruptedException {
        Path folder = binaries().getParent();
        Path made = folder.resolve("template");
        once(folder, made, () -> {
            Path making = Files.createTempDirectory(folder, "making");
            List<String> initdb = command("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
            initdb.addAll(List.of("--locale=C", "-D", making.toString()));
            finished(new ProcessBuilder(initdb), folder);
            Files.move(making, made, StandardCopyOption.ATOMIC_MOVE);
        });
        return made;
    }

    private static Path binaries() throws IOException, InterruptedException {
        Path folder = Path.of("target", "postgresql").toAbsolutePath();
        Path unpacked = folder.resolve("unpacked");
        once(folder, unpacked, () -> {
            Path archive = folder.resolve("archive.txz");
            try (InputStream in = PostgresServer.class.getResourceAsStream(ARCHIVE)) {
                Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
            }
            finished(new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", folder.toString()), folder);
            Files.delete(archive);
            Files.createFile(unpacked);
        });
        return folder.resolve("bin");
    }

    private static List<String> command(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries().resolve(program).toString());
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        finished(new ProcessBuilder(command(program, arguments)), data.getParent());
    }

    private static void finished(ProcessBuilder builder, Path folder) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "out", ".log");
        int code = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(builder.command() + " ended with " + code + ": " + Files.readString(output));
        }
        Files.delete(output);
    }

    /**
     * Starts it, again after a {@link #stop}, and waits until it answers. What it has said to be kept outlives its process, but not
     * the machine's, which no test ends.
     */
    public void start() throws IOException, InterruptedException {
        process = new ProcessBuilder(command(
                        "postgres",
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "fsync=off",
                        "-c",
                        "full_page_writes=off",
                        "-c",
                        "unix_socket_directories="))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            try (Connection connection = connect("postgres", "postgres")) {
                return connection.isValid(1);
            }
        });
    }

    /** Ends it at once, as an administrator does; clients lose their connections. */
    public void stop() throws IOException, InterruptedException {
        if (process.isAlive()) {
            run("pg_ctl", "stop", "-D", data.toString(), "-m", "immediate");
            process.waitFor();
        }
    }

    /** Stops or continues the server's processes: one that hangs. A child that has ended by then is no matter. */
    public void freeze(boolean frozen) throws IOException, InterruptedException {
        String signal = frozen ? "-STOP" : "-CONT";
        for (ProcessHandle child : process.descendants().toList()) {
            signal(signal, child.pid());
        }
        if (signal(signal, process.pid()) != 0) {
            throw new IOException("PostgreSQL has ended");
        }
    }

    private static int signal(String signal, long pid) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", signal, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Has it serve as in the beginning, whatever a test that failed has done to it. */
    public void mend() throws IOException, InterruptedException {
        if (process.isAlive()) {
            freeze(false);
        } else {
            start();
        }
    }

    /** Makes a role that is no superuser and a database that is its own. */
    public String database(String name) throws SQLException {
        try (Connection connection = connect("postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + name + " LOGIN PASSWORD 'secret'");
            statement.execute("CREATE DATABASE " + name + " OWNER " + name);
        }
        return "postgresql://" + name + ":secret@127.0.0.1:" + port + "/" + name;
    }

    /** A connection of the test itself. */
    public Connection connect(String user, String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + user);
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                freeze(false);
                stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
