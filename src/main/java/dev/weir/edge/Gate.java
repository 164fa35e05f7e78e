package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Principal;
import dev.weir.bus.Quota;
import dev.weir.bus.Refusal;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect to one event loop: origin, token, number of sessions per client, admission. The same for every transport.
 * Owned by its event loop; sessions per client are counted with those of all other loops.
 */
public final class Gate {
    /** The query parameter a token may come in; it is redacted wherever requests are shown. */
    public static final String TOKEN_PARAMETER = "access_token";

    private static final String ANY = "*";
    private static final String BEARER = "Bearer ";

    private final EdgeServices edge;
    private final Accesses accesses;
    private final TrustedProxies proxies;

    Gate(EdgeServices edge, Accesses accesses, TrustedProxies proxies) {
        this.edge = edge;
        this.accesses = accesses;
        this.proxies = proxies;
    }

    /** The network address of the client behind a request, as far as proxies in between are trusted. */
    public String clientOf(HttpServerRequest request) {
        return proxies.client(request.remoteAddress(), request.headers());
    }

    /** The network address of the client behind a connection, out of the headers it began with. */
    public String clientOf(SocketAddress peer, MultiMap headers) {
        return proxies.client(peer, headers);
    }

    /** Whether a browser page of the request's origin may use this server; requests without an origin are no pages. */
    public boolean allowsOrigin(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        List<String> allowed = edge.config().origins();
        return origin == null || allowed.contains(ANY) || allowed.contains(origin) || isSame(origin, request);
    }

    private static boolean isSame(String origin, HttpServerRequest request) {
        try {
            String authority =
                    request.authority() == null ? "" : request.authority().toString();
            URI parsed = new URI(origin);
            return authority.equalsIgnoreCase(parsed.getAuthority())
                    || authority.equalsIgnoreCase(parsed.getHost() + ":" + defaultPort(parsed));
        } catch (URISyntaxException notAnOrigin) {
            return false;
        }
    }

    private static int defaultPort(URI origin) {
        return "https".equals(origin.getScheme()) ? 443 : 80;
    }

    /** Who sent the request, anonymous without a token; fails with a {@link Refusal} when the token is not good. */
    public Future<Principal> principal(HttpServerRequest request) {
        String token = tokenOf(request);
        return token == null
                ? Future.succeededFuture(Principal.ANONYMOUS)
                : edge.authenticator().authenticate(token).onSuccess(who -> accesses.signedIn(request, who));
    }

    private static @Nullable String tokenOf(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return header.substring(BEARER.length()).trim();
        }
        return request.getParam(TOKEN_PARAMETER);
    }

    /** A session that counts for its client until it leaves. */
    public static final class Entry {
        private static final Entry UNCOUNTED = new Entry(new Quota<>(), "");

        private final Quota<String> clients;
        private final String client;
        private boolean left;

        private Entry(Quota<String> clients, String client) {
            this.clients = clients;
            this.client = client;
        }

        /** Counts the session out; does nothing from the second time on. */
        public void leave() {
            if (!left) {
                left = true;
                clients.release(client);
            }
        }
    }

    /** Counts a session of a client in, which every way it ends must count out; throws when it has too many or the node is busy. */
    public Entry enter(String client) {
        String busy = edge.admission().busy();
        if (busy != null) {
            throw new Refusal(FailureCode.BUSY, busy);
        }
        int most = edge.config().sessionsPerClient();
        if (most == 0) {
            return Entry.UNCOUNTED;
        }
        if (!edge.clients().take(client, most)) {
            throw new Refusal(FailureCode.TOO_FAST, "this client has too many sessions open");
        }
        return new Entry(edge.clients(), client);
    }
}
