package dev.weir.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** What every answer tells browsers, whatever part of the server gives it. */
public final class SecurityHeaders {
    private static final CharSequence CONTENT_SECURITY_POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence NO_CONTENT =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("Referrer-Policy");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence OPENER_POLICY = HttpHeaders.createOptimized("Cross-Origin-Opener-Policy");
    private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");
    private static final CharSequence FRAME_OPTIONS = HttpHeaders.createOptimized("X-Frame-Options");
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

    private static void common(HttpServerResponse response) {
        response.putHeader(CONTENT_TYPE_OPTIONS, NO_SNIFF);
        response.putHeader(REFERRER_POLICY, NO_REFERRER);
    }
}
