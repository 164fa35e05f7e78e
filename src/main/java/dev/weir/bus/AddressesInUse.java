package dev.weir.bus;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which addresses the sessions of a node listen to, counted by policy for {@code max-addresses}. An address that several event
 * loops serve counts once; a policy that names one address, and a pattern, of which a policy has one, need no bound. Thread-safe,
 * never waits.
 */
public final class AddressesInUse {
    /** @param loops event loops that serve the address */
    private record Use(AddressPattern match, int loops) {
        Use plus(int more) {
            return new Use(match, loops + more);
        }
    }

    private final Map<String, Use> uses = new ConcurrentHashMap<>();
    private final Quota<AddressPattern> byMatch = new Quota<>();

    /**
     * An event loop has its first session on an address.
     *
     * @return false when the policy has as many addresses in use as it allows and this is one more; true is to be balanced by
     *     {@link #end}
     */
    public boolean begin(String address, Policy policy) {
        if (Addresses.isPattern(address)) {
            return true;
        }
        AddressPattern match = policy.match();
        int most = match.isLiteral() ? Integer.MAX_VALUE : policy.maxAddresses();
        Use now = uses.compute(address, (same, use) -> {
            if (use != null) {
                return use.plus(1);
            }
            return byMatch.take(match, most) ? new Use(match, 1) : null;
        });
        return now != null;
    }

    /** An event loop has no session on an address any more. */
    public void end(String address) {
        uses.computeIfPresent(address, (same, use) -> {
            if (use.loops > 1) {
                return use.plus(-1);
            }
            byMatch.release(use.match);
            return null;
        });
    }

    /** A reload gave an address in use to another policy, where it counts from now on, even above its limit. */
    public void adopt(String address, Policy policy) {
        uses.computeIfPresent(address, (same, use) -> {
            if (use.match.equals(policy.match())) {
                return use;
            }
            byMatch.release(use.match);
            byMatch.take(policy.match(), Integer.MAX_VALUE);
            return new Use(policy.match(), use.loops);
        });
    }

    /** How many addresses count for a policy. */
    public int below(AddressPattern match) {
        return byMatch.of(match);
    }
}
