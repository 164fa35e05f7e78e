package dev.weir.edge;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What browsers get: the files of the webroot, weir.js and the console where the webroot has none, and WebJars under
 * {@code /webjars/<artifact>/}. Every page has a strict content security policy; the only inline scripts it allows are the import
 * maps that the webroot's own pages carry.
 */
final class StaticRoutes implements EdgeRoutes {
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script\\s+type=\"importmap\"\\s*>(.*?)</script>", Pattern.DOTALL);
    private static final int PAGES_SCANNED = 200;

    /** Folders of the class path that are served where the webroot has no such file: every project has them. */
    private static final List<String> BUNDLED = List.of("client", "console", "apps/shared", "images");

    private static final String CONSOLE = "console/index.html";

    private final Path webroot;

    StaticRoutes(Path webroot) {
        this.webroot = webroot;
    }

    /** Puts security headers on every answer and has it noted. */
    void before(Router router, Accesses accesses) {
        String policy = contentSecurityPolicy();
        router.route().handler(routing -> {
            accesses.routed(routing);
            SecurityHeaders.ofPage(routing.response(), policy);
            routing.next();
        });
    }

    @Override
    public void mount(Router router, LoopServices loop) {
        for (WebJar jar : WebJar.onClassPath()) {
            router.route("/webjars/" + jar.artifact() + "/*")
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .handler(StaticHandler.create(FileSystemAccess.RELATIVE, jar.resources())
                            .setDirectoryListing(false)
                            .setMaxAgeSeconds(86_400));
        }
        if (Files.isDirectory(webroot)) {
            router.route("/*")
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .handler(StaticHandler.create(
                                    FileSystemAccess.ROOT,
                                    webroot.toAbsolutePath().toString())
                            .setDirectoryListing(false)
                            .setIncludeHidden(false)
                            .setCachingEnabled(false)
                            .setAlwaysAsyncFS(true));
        }
        for (String folder : BUNDLED) {
            router.route("/" + folder + "/*")
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .handler(StaticHandler.create(FileSystemAccess.RELATIVE, folder)
                            .setDirectoryListing(false)
                            .setCachingEnabled(false));
        }
    }

    private String contentSecurityPolicy() {
        StringBuilder scripts = new StringBuilder("'self'");
        for (String hash : importMapHashes()) {
            scripts.append(" 'sha256-").append(hash).append('\'');
        }
        return "default-src 'self'; script-src " + scripts
                + "; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none';"
                + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    }

    private Set<String> importMapHashes() {
        Set<String> hashes = new TreeSet<>();
        bundledConsole().ifPresent(page -> addHashes(page, hashes));
        if (!Files.isDirectory(webroot)) {
            return hashes;
        }
        try (Stream<Path> files = Files.walk(webroot)) {
            for (Path page : files.filter(f -> f.toString().endsWith(".html"))
                    .limit(PAGES_SCANNED)
                    .toList()) {
                addHashes(Files.readString(page), hashes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the pages in " + webroot, e);
        }
        return hashes;
    }

    private static void addHashes(String page, Set<String> hashes) {
        Matcher map = IMPORT_MAP.matcher(page);
        while (map.find()) {
            hashes.add(sha256(map.group(1)));
        }
    }

    private static Optional<String> bundledConsole() {
        try (InputStream page = StaticRoutes.class.getClassLoader().getResourceAsStream(CONSOLE)) {
            return page == null
                    ? Optional.empty()
                    : Optional.of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the console's page", e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
