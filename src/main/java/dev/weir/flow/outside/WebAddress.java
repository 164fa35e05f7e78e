package dev.weir.flow.outside;

import dev.weir.config.RawValue;
import dev.weir.flow.StageOptions;
import java.net.URI;
import java.net.URISyntaxException;

/** Reads URLs of HTTP services. Pure functions. */
public final class WebAddress {
    private WebAddress() {}

    /** A URL with expressions in braces behind the host, so that no event says who is asked. */
    public static Template template(StageOptions options, String name, RawValue raw) {
        Template template = Template.of(options, name, raw);
        String text = String.valueOf(raw.value());
        int path = text.indexOf('/', Math.max(text.indexOf("://"), 0) + 3);
        String front = path < 0 ? text : text.substring(0, path);
        if (front.indexOf('{') >= 0) {
            options.wrong(
                    name, "an event cannot say which host is asked", "put expressions in the path or the query only");
        } else {
            check(options, name, front, text);
        }
        return template;
    }

    /** Notes a problem unless it is the name of a header (RFC 9110, token). */
    public static void checkHeader(StageOptions options, String option, String name) {
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            options.wrong(option, "'" + name + "' is no name of a header", "use letters, digits and -");
        }
    }

    private static void check(StageOptions options, String name, String front, String text) {
        try {
            URI uri = new URI(front);
            boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (isHttp && uri.getHost() != null && text.indexOf('#') < 0 && uri.getUserInfo() == null) {
                return;
            }
        } catch (URISyntaxException noUrl) {
            // Said below, with the other ways to be wrong.
        }
        options.wrong(
                name, "'" + front + "' is no URL of an HTTP service", "write it as in https://shop.example/items");
    }
}
