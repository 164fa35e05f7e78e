package dev.weir;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * How processes of tests begin in two thirds of the time: with an archive of the classes that a node has loaded, made once for each
 * build. Without one, because it could not be made or the classes are not in a jar, they begin all the same.
 */
final class FastStart {
    private static final Path ARCHIVE = Path.of("target", "node.jsa").toAbsolutePath();
    private static final int PATIENCE_SECONDS = 60;
    private static final String YAML = """
            http: {port: 0}
            cluster: {port: %d, bus-port: %d, join: ['127.0.0.1:%d']}
            addresses:
              - {match: a, publish: anyone, subscribe: anyone, keep: {events: 10}}
              - {match: b, publish: anyone, subscribe: anyone}
            """;

    private static boolean tried;

    private FastStart() {}

    /** What starts the launcher; its arguments are to follow. */
    static synchronized List<String> command() {
        List<String> parts = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        String jars =
                parts.stream().filter(part -> part.endsWith(".jar")).collect(Collectors.joining(File.pathSeparator));
        List<String> folders =
                parts.stream().filter(part -> !part.endsWith(".jar")).toList();
        if (!tried) {
            tried = true;
            Path jar = Path.of(parts.stream()
                    .filter(part -> part.endsWith("weir.jar"))
                    .findFirst()
                    .orElse(""));
            if (!jar.toString().isEmpty()) {
                makeOnce(jar, jars);
            }
        }
        // An archive is of the beginning of a class path, and of jars only.
        List<String> path = new ArrayList<>(List.of(jars));
        path.addAll(folders);
        List<String> command = java("-XX:SharedArchiveFile=" + ARCHIVE, String.join(File.pathSeparator, path));
        if (!Files.exists(ARCHIVE)) {
            command.remove(1);
        }
        return command;
    }

    private static boolean isOlderThan(Path jar) {
        try {
            return !Files.exists(ARCHIVE)
                    || Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(jar)) < 0;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** @param option the first one */
    private static List<String> java(String option, String path) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-Xmx256m",
                // It lives for seconds.
                "-XX:TieredStopAtLevel=1",
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                path,
                "dev.weir.Weir"));
    }

    private static boolean isReady(Path log) throws IOException {
        return Files.readString(log).contains("Weir is ready");
    }

    /** In one of the processes in which tests run; the others wait for it. */
    private static void makeOnce(Path jar, String jars) {
        Path file = ARCHIVE.resolveSibling("node.jsa.lock");
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (isOlderThan(jar)) {
                make(jars);
            }
        } catch (IOException e) {
            System.err.println("nodes start slowly, since there is no archive of their classes: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a node of a cluster until it serves, and stops it. */
    private static void make(String jars) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(ARCHIVE.getParent(), "fast-start");
        int port = Ports.free(2);
        Path conf = Files.writeString(folder.resolve("weir.yaml"), YAML.formatted(port, port + 1, port));
        Path log = folder.resolve("out.log");
        Path made = folder.resolve("node.jsa");
        List<String> command = java("-XX:ArchiveClassesAtExit=" + made, jars);
        command.addAll(List.of("run", "--conf", conf.toString(), "--cluster"));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = false;
        for (int i = 0; i < 10 * PATIENCE_SECONDS && !ended && !isReady(log); i++) {
            ended = process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        process.destroy();
        if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && Files.exists(made)) {
            Files.move(made, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
