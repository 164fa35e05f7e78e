package dev.weir.bus;

import org.jspecify.annotations.Nullable;

/**
 * The grammar of addresses and every address that Weir itself uses. An address has 1 to 200 characters: segments of
 * {@code A-Z a-z 0-9 _ ~ @ : + -} joined by dots, case-sensitive.
 */
public final class Addresses {
    /** Longest address, in characters. */
    public static final int MAX_LENGTH = 200;

    /** Prefix of system events, which only Weir publishes. */
    public static final String SYSTEM_PREFIX = "weir.";

    /** Prefix of the internal wire, never reachable from outside. */
    public static final String INTERNAL_PREFIX = "__";

    /** Sessions that opened and closed. */
    public static final String SESSIONS = "weir.sessions";

    /** Who did what: administrative actions. */
    public static final String AUDIT = "weir.audit";

    /** Events that could not be processed. */
    public static final String DEAD_LETTERS = "weir.dead-letters";

    /** What happened to subscriptions. */
    public static final String SUBSCRIPTIONS = "weir.subscriptions";

    /** Everything that happens to a node, by its id. */
    public static final String NODE_PREFIX = "weir.node.";

    /** Addresses that only this node's own verticles use. */
    public static final String LOCAL_PREFIX = "__weir.local.";

    /** Where a node answers its edges about dead letters. */
    public static final String DEAD_LETTER_DESK = LOCAL_PREFIX + "dead-letters";

    /** Where a node answers its edges about subscriptions that are made over HTTP. */
    public static final String SUBSCRIPTION_DESK = LOCAL_PREFIX + "subscriptions";

    /** Where a node answers its edges who want to try a flow. */
    public static final String DRY_RUNS = LOCAL_PREFIX + "dry-runs";

    /** Where a node answers its edges who want to open, change or close taps. */
    public static final String TAP_DESK = LOCAL_PREFIX + "taps";

    /** What taps show, by the id of the tap: heard by whoever knows it, and never tapped itself. */
    public static final String TAP_PREFIX = "weir.tap.";

    /** Where a node answers its edges who follow an event. */
    public static final String TRACE_DESK = LOCAL_PREFIX + "trace";

    /** Tells nodes that flows are to pause or to go on. */
    public static final String FLOWS = "__weir.flows";

    /** Tells nodes that subscriptions were made, changed or deleted. */
    public static final String SUBSCRIPTIONS_CHANGED = "__weir.subscriptions";

    /** Where a node answers questions of the others, by its id. */
    public static final String AGENT_PREFIX = "__weir.agent.";

    /** Where any node answers emitters, its own and those of members that are no nodes. */
    public static final String DESK = "__weir.desk";

    /** Where one node answers members that are no nodes, by its id: what the same one is to be asked again and again. */
    public static final String DESK_PREFIX = "__weir.desk.";

    /** Where a node takes events of members that are no nodes, by its id. */
    public static final String ENTRY_PREFIX = "__weir.entry.";

    /** Where nodes tell each other who is present. */
    public static final String PRESENCE = "__weir.presence";

    /** Where one node is told who is present, by its id. */
    public static final String PRESENCE_PREFIX = "__weir.presence.node.";

    /** Where nodes tell each other of events that are due soon. */
    public static final String DUE_SOON = "__weir.due";

    /** Where nodes tell each other of tokens of the console that were given back. */
    public static final String CONSOLE = "__weir.console";

    private static final String BREAKER_PREFIX = "weir.breaker.";

    private static final String CONSUMERS_PREFIX = "weir.subscription.";

    private static final String SUBSCRIPTION_PREFIX = "__weir.subscription.";

    private static final String FLOW_PREFIX = "__weir.flow.";

    private static final String LOG_PREFIX = "__weir.log.";

    private static final String PATTERN_PREFIX = "__weir.pattern.";

    private Addresses() {}

    /** Whether the text is an address by the grammar. */
    public static boolean isValid(String text) {
        return scan(text, false);
    }

    /** Whether the text is a pattern: an address in which segments may be {@code *}, the last one also {@code **}. */
    public static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 && scan(text, true);
    }

    /** Whether an address is one of a pattern's, or the same. Many of its calls are for addresses, which need no splitting. */
    public static boolean isOf(String pattern, String address) {
        if (pattern.indexOf('*') < 0) {
            return pattern.equals(address);
        }
        String[] wanted = pattern.split("\\.", -1);
        String[] given = address.split("\\.", -1);
        boolean rest = wanted[wanted.length - 1].equals("**");
        if (rest ? given.length < wanted.length : given.length != wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].startsWith("*") && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether only Weir may publish there. */
    public static boolean isSystem(String address) {
        return address.startsWith(SYSTEM_PREFIX);
    }

    /** Whether nobody outside may name it at all. */
    public static boolean isInternal(String address) {
        return address.startsWith(INTERNAL_PREFIX);
    }

    /** The internal address on which events of a pattern travel. */
    public static String ofPattern(String pattern) {
        return PATTERN_PREFIX + pattern;
    }

    /** What a bus address stands for: itself, the pattern or the log whose events travel on it, null for the rest of the internal wire. */
    public static @Nullable String shown(String busAddress) {
        if (!isInternal(busAddress)) {
            return busAddress;
        }
        if (busAddress.startsWith(LOG_PREFIX)) {
            return busAddress.substring(LOG_PREFIX.length());
        }
        return busAddress.startsWith(PATTERN_PREFIX) ? busAddress.substring(PATTERN_PREFIX.length()) : null;
    }

    /** The internal address on which what was kept of an address is told, in the order of its log. */
    public static String ofLog(String address) {
        return LOG_PREFIX + address;
    }

    /** Where the owner of a subscription answers consumers. */
    public static String ofSubscription(String name) {
        return SUBSCRIPTION_PREFIX + name;
    }

    /** Where changes of a circuit breaker are told. */
    public static String ofBreaker(String name) {
        return BREAKER_PREFIX + name;
    }

    /** Where the nodes that work on a flow are asked about it. */
    public static String ofFlow(String name) {
        return FLOW_PREFIX + name;
    }

    /** The subscription whose consumers send their requests to this address; null when it is no such address. */
    public static @Nullable String subscriptionOf(String address) {
        return address.startsWith(CONSUMERS_PREFIX) ? address.substring(CONSUMERS_PREFIX.length()) : null;
    }

    private static boolean scan(String text, boolean stars) {
        int length = text.length();
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        int start = 0;
        while (start <= length) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? length : dot;
            if (!segment(text, start, end, stars, end == length)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    private static boolean segment(String text, int start, int end, boolean stars, boolean last) {
        if (end == start) {
            return false;
        }
        if (stars && text.charAt(start) == '*') {
            return end - start == 1 || (last && end - start == 2 && text.charAt(start + 1) == '*');
        }
        for (int i = start; i < end; i++) {
            if (!isSegmentCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isSegmentCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "_~@:+-".indexOf(c) >= 0;
    }
}
