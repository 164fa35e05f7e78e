package dev.weir.observe.tap;

import dev.weir.bus.AddressPattern;
import dev.weir.bus.Addresses;
import java.util.ArrayList;
import java.util.List;

/**
 * Which addresses a tap is about. System events are there for who asks for them by name: {@code **} leaves them out. Taps are never
 * tapped, nor is the internal wire. Immutable; allocates nothing to answer.
 */
final class Match {
    private final AddressPattern pattern;
    private final boolean system;

    /** @param text a valid address or pattern */
    Match(String text) {
        this.pattern = AddressPattern.parse(withNames(text));
        this.system = Addresses.isSystem(text);
    }

    private static String withNames(String text) {
        List<String> segments = new ArrayList<>();
        for (String segment : text.split("\\.", -1)) {
            segments.add(segment.equals("*") ? "{s" + segments.size() + "}" : segment);
        }
        return String.join(".", segments);
    }

    /** Whether any tap may see it at all. */
    static boolean isVisible(String address) {
        return !Addresses.isInternal(address) && !address.startsWith(Addresses.TAP_PREFIX);
    }

    /** @param address one that is {@linkplain #isVisible visible} */
    boolean matches(String address) {
        return system == Addresses.isSystem(address) && pattern.matches(address);
    }
}
