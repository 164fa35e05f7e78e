package dev.weir.edge;

import dev.weir.config.LoadedConfig;
import dev.weir.config.Problems;
import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose word on where a request comes from is believed. A proxy that is listed adds the address it was called from to
 * {@code X-Forwarded-For}; the client is the right-most address there that is no such proxy. What any other peer says in that header
 * is not looked at. Immutable.
 */
public final class TrustedProxies {
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
    private static final String KEY = "http.trusted-proxies";

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /** Addresses and networks as in {@code 10.0.0.0/8}, already checked. */
    static TrustedProxies of(List<String> listed) {
        List<Network> networks = new ArrayList<>();
        for (String each : listed) {
            Network network = Network.parse(each);
            if (network != null) {
                networks.add(network);
            }
        }
        return new TrustedProxies(List.copyOf(networks));
    }

    /** Notes what is listed and is no network. */
    public static void check(LoadedConfig loaded, Problems problems) {
        for (String each : loaded.config().http().trustedProxies()) {
            if (Network.parse(each) == null) {
                problems.add(
                        loaded.origins().at(KEY),
                        KEY + " has '" + each + "', which is no network address",
                        "write addresses or networks of proxies, as in [10.1.2.3, 10.0.0.0/8, fd00::/8]");
            }
        }
    }

    /**
     * The client's network address.
     *
     * @param peer who is at the other end of the connection
     * @param headers of its request
     */
    String client(SocketAddress peer, MultiMap headers) {
        String client = peer.hostAddress();
        if (networks.isEmpty() || !trusts(bytes(client))) {
            return client;
        }
        List<String> lines = headers.getAll(FORWARDED_FOR);
        for (int i = lines.size() - 1; i >= 0; i--) {
            String[] hops = lines.get(i).split(",", -1);
            for (int j = hops.length - 1; j >= 0; j--) {
                byte[] hop = bytes(withoutPort(hops[j].trim()));
                if (hop == null) {
                    return client; // Not from a proxy that speaks as it should: what stands before it is anybody's.
                }
                client = text(hop);
                if (!trusts(hop)) {
                    return client;
                }
            }
        }
        return client;
    }

    private boolean trusts(byte @Nullable [] address) {
        return address != null && networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Some proxies add the port: {@code 192.0.2.1:5000}, {@code [2001:db8::1]:5000}. */
    private static String withoutPort(String hop) {
        int bracket = hop.indexOf(']');
        if (hop.startsWith("[") && bracket > 0) {
            return hop.substring(1, bracket);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static byte @Nullable [] bytes(@Nullable String address) {
        byte[] read = address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
        return read == null ? null : inet(read).getAddress();
    }

    private static String text(byte[] address) {
        return inet(address).getHostAddress();
    }

    /** An IPv4 address that is written as one of IPv6 becomes one of IPv4. */
    private static InetAddress inet(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has 4 or 16 bytes", impossible);
        }
    }

    /** Addresses whose first bits are the same. */
    private static final class Network {
        private final byte[] first;
        private final int bits;

        private Network(byte[] first, int bits) {
            this.first = first;
            this.bits = bits;
        }

        static @Nullable Network parse(String text) {
            int slash = text.indexOf('/');
            byte[] first = bytes(slash < 0 ? text : text.substring(0, slash));
            if (first == null) {
                return null;
            }
            int most = first.length * Byte.SIZE;
            int bits = slash < 0 ? most : number(text.substring(slash + 1));
            return bits < 0 || bits > most ? null : new Network(first, bits);
        }

        private static int number(String digits) {
            return digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
        }

        boolean contains(byte[] address) {
            if (address.length != first.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += Byte.SIZE) {
                int mask = 0xFF << Math.max(0, Byte.SIZE - (bits - bit));
                if (((address[bit / Byte.SIZE] ^ first[bit / Byte.SIZE]) & mask & 0xFF) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
