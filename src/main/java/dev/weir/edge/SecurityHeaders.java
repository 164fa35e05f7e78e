package dev.weir.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** What every answer tells browsers, whatever part of the server gives it. */
public final class SecurityHeaders {
    private static final CharSequence CONTENT_SECURITY_POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence NO_CONTENT =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("Referrer-Policy");
    private static final CharSequence OWN_REFERRER = HttpHeaders.createOptimized("same-origin");
    private static final CharSequence OPENER_POLICY = HttpHeaders.createOptimized("Cross-Origin-Opener-Policy");
    private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");
    private static final CharSequence FRAME_OPTIONS = HttpHeaders.createOptimized("X-Frame-Options");
    private static final CharSequence SAME_ORIGIN_FRAME = HttpHeaders.createOptimized("SAMEORIGIN");
    private static final CharSequence DENY = HttpHeaders.createOptimized("DENY");

    private SecurityHeaders() {}

    /** Adds those of an answer that is data and never a page. */
    public static void ofData(HttpServerResponse response) {
        response.putHeader(CONTENT_SECURITY_POLICY, NO_CONTENT);
        common(response);
    }

    /** Adds those of an answer that may be a page. */
    static void ofPage(HttpServerResponse response, String contentSecurityPolicy) {
        response.putHeader(CONTENT_SECURITY_POLICY, contentSecurityPolicy);
        response.putHeader(OPENER_POLICY, SAME_ORIGIN);
        response.putHeader(FRAME_OPTIONS, DENY);
        common(response);
    }

    /**
     * Adds those of the answers of SockJS, whose client puts some into frames of its own page, scripts and all.
     *
     * @param script the SHA-256 in Base64 of the only script that may stand in them
     * @param origins whose pages, beside the node's own, may frame them
     */
    public static void ofFrame(HttpServerResponse response, String script, List<String> origins) {
        response.putHeader(
                CONTENT_SECURITY_POLICY,
                "default-src 'self'; script-src 'self' 'sha256-" + script
                        + "'; object-src 'none'; base-uri 'none'; frame-ancestors 'self' " + String.join(" ", origins));
        if (origins.isEmpty()) {
            response.putHeader(FRAME_OPTIONS, SAME_ORIGIN_FRAME);
        } else {
            response.headers().remove(FRAME_OPTIONS); // It cannot name origins; frame-ancestors does.
        }
        common(response);
    }

    private static void common(HttpServerResponse response) {
        response.putHeader(CONTENT_TYPE_OPTIONS, NO_SNIFF);
        response.putHeader(REFERRER_POLICY, OWN_REFERRER);
    }
}
