package dev.weir.edge.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.time.Clock;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * How often may be tried to sign in: per network address of the client, and per name over all of them. Who signed in from somewhere
 * before is not kept out there by what others try with the same name. Thread-safe.
 */
final class SignInLimits {
    /** Further attempts of a network address come at one in ten seconds, of a name at one in five. */
    static final int PER_CLIENT = 10;

    static final int PER_NAME = 30;
    private static final int NETWORK_BYTES = 8;

    private final Attempts clients;
    private final Attempts names;
    private final Cache<String, Boolean> knownPlaces;

    SignInLimits(Clock clock) {
        this.clients = new Attempts(clock, PER_CLIENT, Duration.ofSeconds(10));
        this.names = new Attempts(clock, PER_NAME, Duration.ofSeconds(5));
        this.knownPlaces = Caffeine.newBuilder()
                .maximumSize(10_000)
                .ticker(clock::nanos)
                .expireAfterWrite(Duration.ofDays(30))
                .build();
    }

    /** Counts an attempt of a client; throws when it has none left. */
    void tried(String client) {
        refuse(clients.take(network(client)));
    }

    /** Counts an attempt of a client with a name; throws when one of them has none left. */
    void tried(String client, String name) {
        tried(client);
        if (knownPlaces.getIfPresent(place(client, name)) == null) {
            refuse(names.take(name));
        }
    }

    private static void refuse(long waitMillis) {
        if (waitMillis > 0) {
            throw new Refusal(
                    FailureCode.TOO_FAST,
                    "too many attempts to sign in; try again in " + (waitMillis + 999) / 1000 + " s",
                    waitMillis);
        }
    }

    void succeeded(String client) {
        clients.giveBack(network(client));
    }

    void succeeded(String client, String name) {
        succeeded(client);
        if (knownPlaces.getIfPresent(place(client, name)) == null) {
            names.giveBack(name);
            knownPlaces.put(place(client, name), true);
        }
    }

    private static String place(String client, String name) {
        return network(client) + " " + name;
    }

    /** A household or a machine has a whole network of IPv6 addresses, so those count as one. */
    static String network(String client) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(client);
        return address == null || address.length <= NETWORK_BYTES
                ? client
                : HexFormat.of().formatHex(Arrays.copyOf(address, NETWORK_BYTES));
    }
}
