package dev.weir.edge.sse;

import dev.weir.bus.Position;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one stream is on each of its journaled addresses: what a client has to name in {@code Last-Event-ID} to go on without a gap.
 * A stream of one address writes that one's position alone, any other {@code address=epoch:offset} joined by commas, in the order
 * of its addresses. Owned by the stream's event loop.
 */
final class Positions {
    /** The longest id. It comes back as a header, and servers and proxies take few of more than 8 KiB altogether. */
    static final int MOST_CHARACTERS = 4_096;

    /** Most that one position takes beside its address: {@code =}, epoch, {@code :}, offset and comma. */
    private static final int PER_ADDRESS = 45;

    private final Map<String, @Nullable Position> last = new LinkedHashMap<>();
    private final boolean alone;
    private @Nullable String text;

    /**
     * The positions of a stream, none of which is known yet.
     *
     * @param journaled its journaled addresses
     * @param alone whether the stream has no other address than that one
     */
    Positions(Collection<String> journaled, boolean alone) {
        journaled.forEach(address -> last.put(address, null));
        this.alone = alone;
    }

    /** Whether the positions of these addresses fit into an id, whatever they will be. */
    static boolean fit(Collection<String> journaled) {
        return journaled.stream()
                        .mapToInt(address -> address.length() + PER_ADDRESS)
                        .sum()
                <= MOST_CHARACTERS;
    }

    /**
     * The client was there, as far as it says. This stands in the id until it is told where the stream begins, so that one that
     * ends before has forgotten nothing.
     */
    void beginAt(LastEventId from) {
        last.replaceAll((address, none) -> from.of(address));
        text = null;
    }

    /** Whether the stream has to know where it is there. */
    boolean follows(String address) {
        return last.containsKey(address);
    }

    /** The client has everything there up to this position. */
    void at(String address, Position position) {
        last.put(address, position);
        text = null;
    }

    /** What goes into an id; empty while no position is known. */
    String text() {
        String known = text;
        if (known == null) {
            known = write();
            text = known;
        }
        return known;
    }

    private String write() {
        StringBuilder out = new StringBuilder();
        last.forEach((address, position) -> {
            if (position != null) {
                if (!alone) {
                    out.append(out.isEmpty() ? "" : ",").append(address).append('=');
                }
                out.append(position.epoch()).append(':').append(position.offset());
            }
        });
        return out.toString();
    }
}
