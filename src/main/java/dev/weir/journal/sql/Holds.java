package dev.weir.journal.sql;

import dev.weir.journal.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far subscriptions have come in each log of an engine that is alone with its store, so that the floor need not ask the disk.
 * Owned by the writer; read anew when the engine is opened.
 */
final class Holds {
    private record Stand(String epoch, long offset) {}

    private final Supplier<@Nullable Set<String>> inForce;
    private final Map<String, Map<String, Stand>> byAddress = new HashMap<>();

    /** @param inForce the subscriptions that count; null while that is not known, then all do */
    Holds(Supplier<@Nullable Set<String>> inForce) {
        this.inForce = inForce;
    }

    void load(Connection connection) throws SQLException {
        byAddress.clear();
        try (PreparedStatement all =
                        connection.prepareStatement("SELECT subscription, address, epoch, seq FROM cursors");
                ResultSet row = all.executeQuery()) {
            while (row.next()) {
                note(row.getString(1), row.getString(2), new Stand(row.getString(3), row.getLong(4)));
            }
        }
        connection.commit();
    }

    void note(Work work) {
        for (Work.Cursor cursor : work.cursors()) {
            note(work.subscription(), cursor.address(), new Stand(cursor.epoch(), cursor.offset()));
        }
    }

    private void note(String subscription, String address, Stand stand) {
        byAddress.computeIfAbsent(address, unseen -> new HashMap<>()).put(subscription, stand);
    }

    /** The subscription is deleted. */
    void forget(String subscription) {
        byAddress.values().forEach(stands -> stands.remove(subscription));
    }

    /** Up to where all have settled; {@link Long#MAX_VALUE} when nobody reads the log. */
    long settled(LogState log) {
        Map<String, Stand> stands = byAddress.get(log.address);
        if (stands == null) {
            return Long.MAX_VALUE;
        }
        Set<String> counted = inForce.get();
        long settled = Long.MAX_VALUE;
        for (Map.Entry<String, Stand> each : stands.entrySet()) {
            boolean counts = counted == null || counted.contains(each.getKey());
            if (counts && each.getValue().epoch().equals(log.epoch)) {
                settled = Math.min(settled, each.getValue().offset());
            }
        }
        return settled;
    }
}
