package dev.weir.node;

import dev.weir.config.ConfigException;
import dev.weir.config.HttpConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;

/** Says why a server cannot listen where the configuration wants it, and what to write instead. Stateless. */
final class NotListening {
    private NotListening() {}

    /** A problem of the configuration where it is one, else the failure as it is. */
    static Throwable explain(LoadedConfig loaded, Throwable failure) {
        HttpConfig http = loaded.config().http();
        String why = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException) {
            return problem(loaded, "http.host", "no address is known for '" + http.host() + "'", anAddress());
        }
        if (why.contains("cannot assign") || why.contains("can't assign")) {
            return problem(loaded, "http.host", http.host() + " is no address of this machine", anAddress());
        }
        if (why.contains("permission denied")) {
            return problem(
                    loaded,
                    "http.port",
                    "port " + http.port() + " may not be used by this user",
                    "set http.port (WEIR_HTTP_PORT) to 1024 or more, or grant CAP_NET_BIND_SERVICE");
        }
        if (isTaken(failure)) {
            return problem(
                    loaded,
                    "http.port",
                    "port " + http.port() + " on " + http.host() + " is taken by another process",
                    "stop it, or set http.port (WEIR_HTTP_PORT) to another port");
        }
        return failure;
    }

    /** Whether another process listens there; the native transports have an exception of their own for it. */
    static boolean isTaken(Throwable failure) {
        return failure instanceof BindException
                || String.valueOf(failure.getMessage()).contains("Address already in use");
    }

    private static String anAddress() {
        return "set http.host (WEIR_HTTP_HOST) to 127.0.0.1, to 0.0.0.0 for all, or to another address of this machine";
    }

    private static ConfigException problem(LoadedConfig loaded, String key, String message, String mend) {
        Location written = loaded.origins().at(key);
        Location at = written.equals(Location.NONE) ? new Location(key, 0) : written;
        return new ConfigException(List.of(new Problem(at, message, mend)));
    }
}
