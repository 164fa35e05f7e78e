package dev.weir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Makes a starter project that is closed to the world: a secret of its own, one policy, one verticle, one page. */
final class InitCommand {
    private static final List<String> FILES = List.of(
            "README.md",
            "weir",
            "conf/weir.yaml",
            "src/app/Hello.java",
            "webroot/index.html",
            "webroot/app.js",
            "webroot/style.css");
    /** Where {@code scripts/weir} that runs this stands; not there when somebody runs the jar alone. */
    private static final String SCRIPT = System.getProperty("dev.weir.script", "weir");

    private static final int SECRET_BYTES = 32;

    private final PrintStream out;

    InitCommand(PrintStream out) {
        this.out = out;
    }

    int init(List<String> given) throws IOException {
        Path folder = Path.of(new Arguments(given, Set.of()).word("a folder"));
        if (Files.exists(folder) && !isEmptyFolder(folder)) {
            throw new UsageException(folder + " exists and is not an empty folder; name another");
        }
        for (String name : FILES) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, template(name));
        }
        Files.writeString(folder.resolve(".gitignore"), template("gitignore"));
        Path runner = folder.resolve("weir");
        Files.writeString(runner, Files.readString(runner).replace("@WEIR@", SCRIPT.replace("'", "'\\''")));
        if (!runner.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + runner + " executable");
        }
        writeSecret(folder.resolve("conf/secret"));
        out.println("made " + folder + ": next, cd " + folder + " && ./weir; its README.md says more");
        return ExitCode.OK;
    }

    private static boolean isEmptyFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void writeSecret(Path file) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, HexFormat.of().formatHex(secret) + "\n");
    }

    private static String template(String name) throws IOException {
        try (InputStream in = InitCommand.class.getResourceAsStream("/init/" + name)) {
            if (in == null) {
                throw new IOException("this build lacks the template of " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
