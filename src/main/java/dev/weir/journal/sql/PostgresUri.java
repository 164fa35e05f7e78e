package dev.weir.journal.sql;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL server is and how to sign in, out of what a user writes:
 * {@code postgresql://user:password@host:port,host/database?sslmode=verify-full}. What is after the question mark goes to the
 * driver. Never shows the password.
 */
final class PostgresUri {
    private static final String SCHEME = "postgresql://";
    private static final String EXPECTED = "expected postgresql://user:password@host:port/database";

    private final String hosts;
    private final String database;
    private final Properties properties = new Properties();

    /** @throws IllegalArgumentException when it is not written like that; the message has no secret in it */
    PostgresUri(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException(EXPECTED);
        }
        int query = text.indexOf('?');
        String rest = text.substring(SCHEME.length(), query < 0 ? text.length() : query);
        int at = rest.lastIndexOf('@');
        int slash = rest.indexOf('/', at + 1);
        if (slash < 0 || slash == at + 1 || slash == rest.length() - 1) {
            throw new IllegalArgumentException(EXPECTED);
        }
        hosts = rest.substring(at + 1, slash);
        database = decode(rest.substring(slash + 1));
        checkHosts();
        if (at >= 0) {
            signIn(rest.substring(0, at));
        }
        if (query >= 0) {
            options(text.substring(query + 1));
        }
        if (hosts.indexOf(',') >= 0) {
            properties.putIfAbsent("targetServerType", "primary");
        }
    }

    @SuppressWarnings("CheckReturnValue") // Whether it can be made is all that is asked.
    static void check(String text) {
        new PostgresUri(text);
    }

    private void checkHosts() {
        for (String host : hosts.split(",", -1)) {
            URI parsed;
            try {
                parsed = URI.create("x://" + host);
            } catch (IllegalArgumentException notAHost) {
                throw new IllegalArgumentException(EXPECTED, notAHost);
            }
            if (parsed.getHost() == null) {
                throw new IllegalArgumentException(EXPECTED);
            }
        }
    }

    private void signIn(String user) {
        int colon = user.indexOf(':');
        properties.setProperty("user", decode(colon < 0 ? user : user.substring(0, colon)));
        if (colon >= 0) {
            properties.setProperty("password", decode(user.substring(colon + 1)));
        }
    }

    private void options(String query) {
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("after the question mark name=value is expected");
            }
            properties.setProperty(decode(option.substring(0, equals)), decode(option.substring(equals + 1)));
        }
    }

    private static String decode(String text) {
        // A plus is a plus here, as in every part of an address but a form's.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** For the driver, without the user. */
    String jdbc() {
        return "jdbc:" + SCHEME + hosts + "/" + encode(database);
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** User, password and options, a copy. */
    Properties properties() {
        Properties copy = new Properties();
        copy.putAll(properties);
        return copy;
    }

    /** Who signs in; null when the driver decides that. */
    @Nullable
    String user() {
        return properties.getProperty("user");
    }

    /** Which database, without who signs in. */
    @Override
    public String toString() {
        return "PostgreSQL " + hosts + "/" + database;
    }
}
