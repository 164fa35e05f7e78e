package dev.weir.web;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/**
 * Installs packages of npm for tests of clients, from the registry once for each build. Without npm or its registry the test is
 * skipped, and the reason is said aloud.
 */
final class Npm {
    private static final Pattern UNREACHABLE = Pattern.compile(
            "ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN|ERR_SOCKET_TIMEOUT|ENOTCACHED");
    private static final int TIMED_OUT = -1;
    private static final Path INSTALLED = Path.of("target", "npm").toAbsolutePath();

    private Npm() {}

    /** Installs packages below a folder. Whatever goes wrong but the lack of npm and its registry is an error of the test. */
    static void install(Path folder, String... packages) throws IOException {
        String names = String.join(" ", packages);
        Path made = INSTALLED.resolve(names.replaceAll("[^A-Za-z0-9.-]+", "_"));
        Path file = Files.createDirectories(INSTALLED).resolve(made.getFileName() + ".lock");
        // In one of the processes in which tests run; the others wait for it.
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (!Files.exists(made)) {
                Path making = Files.createTempDirectory(INSTALLED, "making");
                fetch(making, names, packages);
                Files.move(making, made, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Tool copied = Tool.run(
                folder, List.of("cp", "-a", made.resolve("node_modules").toString(), folder.toString()));
        if (copied.exit() != 0) {
            throw new IOException(names + " cannot be copied: " + copied.output());
        }
    }

    private static void fetch(Path folder, String names, String... packages) throws IOException {
        if (!Tool.isHere("npm")) {
            throw skip("npm is not installed, so " + names + " could not be tried");
        }
        List<String> command = new ArrayList<>(
                List.of("npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", folder.toString()));
        command.addAll(List.of(packages));
        Tool install = Tool.run(folder, command);
        if (install.exit() == 0) {
            return;
        }
        if (install.exit() == TIMED_OUT || UNREACHABLE.matcher(install.output()).find()) {
            throw skip("npm's registry cannot be reached, so " + names + " could not be tried: " + install.output());
        }
        throw new IOException("npm did not install " + names + ": " + install.output());
    }

    private static TestAbortedException skip(String reason) {
        System.err.println("SKIPPED: " + reason);
        return new TestAbortedException(reason);
    }
}
