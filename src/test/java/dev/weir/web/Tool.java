package dev.weir.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command of the machine, for tests of what is not Java. */
record Tool(int exit, String output) {

    /** Whether the command can be started at all; tests that need it are skipped otherwise. */
    static boolean isHere(String command) {
        try {
            return run(Path.of(""), List.of(command, "--version")).exit == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs to the end, at most two minutes; output and errors together. */
    static Tool run(Path folder, List<String> command) throws IOException {
        Path log = Files.createTempFile("tool", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            return new Tool(ended ? process.exitValue() : -1, Files.readString(log, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command, e);
        } finally {
            Files.delete(log);
        }
    }
}
