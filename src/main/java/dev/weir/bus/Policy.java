package dev.weir.bus;

import dev.weir.config.AddressConfig.RateConfig;
import dev.weir.config.AddressConfig.Slow;
import dev.weir.config.Location;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of the addresses that match. Immutable.
 *
 * @param match which addresses
 * @param publish who may publish events
 * @param subscribe who may subscribe
 * @param request who may send requests, null when this is an address for events
 * @param respond which sessions may register to answer requests
 * @param rate how fast one client may publish, null when unbounded
 * @param maxSizeBytes largest data of one event or request
 * @param maxAddresses how many addresses below the match may be in use on one node, and how many may be kept in all
 * @param slow what happens to a session that reads too slowly
 * @param keep how much is kept, null on an address that keeps nothing
 * @param history who may read what was published before
 * @param presence who may see who is there, and be seen
 * @param schemas what the data must look like
 * @param at where it was written
 */
public record Policy(
        AddressPattern match,
        Permission publish,
        Permission subscribe,
        @Nullable Permission request,
        Permission respond,
        @Nullable RateConfig rate,
        long maxSizeBytes,
        int maxAddresses,
        Slow slow,
        @Nullable Keep keep,
        Permission history,
        Permission presence,
        Schemas schemas,
        Location at) {
    /** Whether its addresses are for requests rather than events. */
    public boolean isForRequests() {
        return request != null;
    }

    /** Whether its events are kept. */
    public boolean isJournaled() {
        return keep != null;
    }

    /** Whether the newest event of each key is kept: a new subscriber begins with those. */
    public boolean keepsValues() {
        return keep != null && keep.latest();
    }

    /** Whether anyone at all may publish events of a type here, or send requests. */
    boolean isOpen(String type) {
        Permission.Access nobody = new Permission.Access(
                Principal.ANONYMOUS, false, Permission.Action.PUBLISH, match.subscription(), type, Map.of());
        return Objects.requireNonNullElse(request, publish).evaluate(nobody).allowed();
    }

    /** The permission that governs an action; what the kind of address has no use for is nobody's. */
    public Permission permission(Permission.Action action) {
        return switch (action) {
            case PUBLISH -> isForRequests() ? Permission.NOBODY : publish;
            case SUBSCRIBE -> isForRequests() ? respond : subscribe;
            case HISTORY -> isJournaled() ? history : Permission.NOBODY;
            case PRESENCE -> isForRequests() ? Permission.NOBODY : presence;
            case REQUEST -> Objects.requireNonNullElse(request, Permission.NOBODY);
            case CONSUME -> Permission.NOBODY; // said by subscriptions, not by addresses
            case RESPOND -> isForRequests() ? respond : Permission.NOBODY;
        };
    }

    /** The pattern whose listeners hear the policy's addresses; null when there is none. What Weir keeps is heard with the rest it tells. */
    @Nullable
    String heardUnder() {
        if (!match.isLiteral()) {
            return match.subscription();
        }
        return at.equals(PolicyCompiler.BUILT_IN) ? Addresses.SYSTEM_PREFIX + "**" : null;
    }
}
