package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.http.HttpServerRequest;

/**
 * Refuses requests whose query is not percent-encoded correctly before anybody reads a parameter: reading one throws, wherever that may be,
 * and nobody would answer. Stateless.
 */
final class Queries {
    private static final int CODE_LENGTH = 3;

    private Queries() {}

    /** Whether the request was refused. */
    static boolean refused(HttpServerRequest request) {
        String uri = request.uri();
        int query = uri == null ? -1 : uri.indexOf('?');
        if (query < 0 || isEncoded(uri, query)) {
            return false;
        }
        SecurityHeaders.ofData(request.response());
        Refusal refusal = new Refusal(
                FailureCode.INVALID_PARAMETER,
                "the query is not percent-encoded correctly; a percent sign itself is written %25");
        ProblemResponses.answer(request.response(), refusal.code().httpStatus(), refusal);
        return true;
    }

    /** Whether two hexadecimal digits follow each percent sign from a position on. */
    static boolean isEncoded(String text, int from) {
        for (int at = text.indexOf('%', from); at >= 0; at = text.indexOf('%', at + CODE_LENGTH)) {
            if (at + CODE_LENGTH > text.length() || !isHex(text.charAt(at + 1)) || !isHex(text.charAt(at + 2))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
