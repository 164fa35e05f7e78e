package dev.weir.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks across keys, and of the files that keys name. Those that need another package's words are made there. Stateless. */
final class CrossChecks {
    private static final int MIN_SECRET = 32;
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#\\s\\p{Lu}]+");
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private CrossChecks() {}

    static void check(LoadedConfig loaded, Problems problems) {
        tls(loaded, loaded.config().http().tls(), problems);
        http(loaded, problems);
        jwt(loaded, loaded.config().auth().jwt(), problems);
        ConsoleChecks.check(loaded, problems);
        journal(loaded, problems);
        CollectorChecks.check(loaded, problems);
        loaded.config().addresses().forEach(address -> schemas(loaded, address.schema(), problems));
    }

    private static void journal(LoadedConfig loaded, Problems problems) {
        JournalConfig journal = loaded.config().journal();
        boolean postgresql = journal.engine() == JournalConfig.Engine.POSTGRESQL;
        if (postgresql && journal.uri() == null) {
            problems.add(
                    loaded.origins().at("journal.engine"),
                    "journal.engine is postgresql, but journal.uri does not say where that is",
                    "add uri: postgresql://user:password@host:5432/database (WEIR_JOURNAL_URI, WEIR_JOURNAL_URI_FILE)");
        }
        if (!postgresql && journal.uri() != null) {
            problems.add(
                    loaded.origins().at("journal.uri"),
                    "journal.uri is for PostgreSQL, but journal.engine is " + Scalars.format(journal.engine()),
                    "write engine: postgresql, or remove uri");
        }
        if (!SCHEMA.matcher(journal.schema()).matches()) {
            problems.add(
                    loaded.origins().at("journal.schema"),
                    "journal.schema is '" + journal.schema() + "', expected lower-case letters, digits and underscores",
                    "write it as in schema: weir");
        }
    }

    private static void http(LoadedConfig loaded, Problems problems) {
        if (loaded.config().http().host().isBlank()) {
            problems.add(
                    loaded.origins().at("http.host"),
                    "http.host is empty",
                    "write 127.0.0.1, 0.0.0.0 for all, or another address of this machine");
        }
        // One that is spelled otherwise than browsers spell it is never met.
        for (String origin : loaded.config().http().origins()) {
            if (!origin.equals("*") && !ORIGIN.matcher(origin).matches()) {
                problems.add(
                        loaded.origins().at("http.origins"),
                        "http.origins has '" + origin + "', which is no origin as browsers send it",
                        "write it as in https://shop.example, in small letters, with a port unless it is the usual one,"
                                + " and nothing behind; or '*'");
            }
        }
    }

    private static void tls(LoadedConfig loaded, @Nullable TlsConfig tls, Problems problems) {
        if (tls != null) {
            file(loaded, "http.tls.certificate", tls.certificate(), problems);
            file(loaded, "http.tls.key", tls.key(), problems);
        }
    }

    private static void jwt(LoadedConfig loaded, AuthConfig.@Nullable JwtConfig jwt, Problems problems) {
        if (jwt == null) {
            return;
        }
        List<String> given = Stream.of(
                        jwt.secret() == null ? null : "secret",
                        jwt.jwks() == null ? null : "jwks",
                        jwt.key() == null ? null : "key")
                .filter(Objects::nonNull)
                .toList();
        if (given.size() != 1) {
            problems.add(
                    loaded.origins().at("auth.jwt"),
                    "auth.jwt has " + (given.isEmpty() ? "none" : String.join(" and ", given))
                            + " of secret, jwks, key",
                    "give exactly one of them, or leave auth.jwt out");
        }
        secret(loaded, jwt.secret(), problems);
        String jwks = jwt.jwks();
        if (jwks != null && !jwks.startsWith("http://") && !jwks.startsWith("https://")) {
            file(loaded, "auth.jwt.jwks", jwks, problems);
        }
        String key = jwt.key();
        if (key != null) {
            file(loaded, "auth.jwt.key", key, problems);
        }
    }

    private static void secret(LoadedConfig loaded, @Nullable String secret, Problems problems) {
        if (secret != null && secret.length() < MIN_SECRET) {
            problems.add(
                    loaded.origins().at("auth.jwt.secret"),
                    "auth.jwt.secret has " + secret.length() + " characters, at least " + MIN_SECRET + " are needed",
                    "make one with: openssl rand -base64 36");
        }
    }

    private static void schemas(LoadedConfig loaded, @Nullable RawValue schema, Problems problems) {
        if (schema == null) {
            return;
        }
        if (schema.value() instanceof Map<?, ?> byType) {
            byType.values().forEach(value -> schemas(loaded, (RawValue) value, problems));
        } else if (schema.value() instanceof String path) {
            ConfigFiles.readable(loaded.resolve(path), schema.at(), problems);
        } else {
            problems.add(
                    schema.at(),
                    "schema is " + schema.value() + ", expected a file or a map from event type to file",
                    "write it as in schema: conf/schemas/chat.json");
        }
    }

    private static void file(LoadedConfig loaded, String key, String path, Problems problems) {
        ConfigFiles.readable(loaded.resolve(path), loaded.origins().at(key), problems);
    }
}
