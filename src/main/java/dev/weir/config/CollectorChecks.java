package dev.weir.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Checks of where spans go. Stateless. */
final class CollectorChecks {
    private static final String URL = "tracing.otlp.url";
    private static final String HEADERS = "tracing.otlp.headers";
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7e]*");

    private CollectorChecks() {}

    static void check(LoadedConfig loaded, Problems problems) {
        TracingConfig.OtlpConfig otlp = loaded.config().tracing().otlp();
        String url = otlp.url();
        if (url != null && !isAddress(url)) {
            problems.add(
                    loaded.origins().at(URL),
                    URL + " is '" + url + "', expected the address of an OTLP collector over HTTP",
                    "write it as in url: http://127.0.0.1:4318");
        }
        if (url == null && !otlp.headers().isEmpty()) {
            problems.add(
                    loaded.origins().at(HEADERS),
                    HEADERS + " are for a collector, but tracing.otlp.url does not say where that is",
                    "add url: http://host:4318, or remove headers");
        }
        for (int i = 0; i < otlp.headers().size(); i++) {
            if (!HEADER.matcher(otlp.headers().get(i)).matches()) {
                problems.add(
                        loaded.origins().at(HEADERS),
                        HEADERS + "[" + i + "] is no header, expected a name, a colon and a value",
                        "write it as in headers: [\"authorization: Bearer secret\"]");
            }
        }
    }

    private static boolean isAddress(String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null;
        } catch (URISyntaxException notOne) {
            return false;
        }
    }
}
