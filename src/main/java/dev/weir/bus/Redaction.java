package dev.weir.bus;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes tokens and secrets out of texts that are shown: access events, log lines. Stateless. */
public final class Redaction {
    /** What stands in the place of a secret. */
    public static final String HIDDEN = "***";

    private static final Pattern SECRET_NAME = Pattern.compile(
            "token|secret|passw|authorization|credential|signature|api[_-]?key|jwt", Pattern.CASE_INSENSITIVE);
    private static final Pattern PARAMETER = Pattern.compile("(?i)\\b([\\w-]*token)(=|%3d)[^&\\s\"']+");
    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer)(\\s|%20|\\+)+[\\w.~+/=-]+");
    /** A JSON Web Token: its first part is base64 of a JSON object. */
    private static final Pattern JWT = Pattern.compile("ey[A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]{4,}(\\.[A-Za-z0-9_-]*)?");

    private Redaction() {}

    /** A query string whose secrets are hidden; names that sound like one decide, however they are encoded. */
    public static String query(String query) {
        return Arrays.stream(query.split("&", -1)).map(Redaction::parameter).collect(Collectors.joining("&"));
    }

    /** Any text without what looks like a token. */
    public static String text(String text) {
        String clean = text;
        if (clean.contains("oken")) {
            clean = PARAMETER.matcher(clean).replaceAll("$1$2" + HIDDEN);
        }
        if (clean.contains("earer")) {
            clean = BEARER.matcher(clean).replaceAll("$1 " + HIDDEN);
        }
        return clean.contains("ey") ? JWT.matcher(clean).replaceAll(HIDDEN) : clean;
    }

    private static String parameter(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 0) {
            return text(parameter);
        }
        String name = parameter.substring(0, equals);
        return isSecretParameter(name) ? name + "=" + HIDDEN : text(parameter);
    }

    /** Whether a header's name sounds like a secret. */
    public static boolean isSecret(String name) {
        return SECRET_NAME.matcher(name).find();
    }

    private static boolean isSecretParameter(String name) {
        try {
            return isSecret(QueryStringDecoder.decodeComponent(name));
        } catch (IllegalArgumentException notEncoded) {
            return true;
        }
    }
}
