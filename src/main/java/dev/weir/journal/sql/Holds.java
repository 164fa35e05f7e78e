package dev.weir.journal.sql;

import dev.weir.bus.Addresses;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
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
 * How far subscriptions and flows have come in each log of an engine that is alone with its store, so that the floor need not ask the disk.
 * Owned by the writer; read anew when the engine is opened.
 */
final class Holds {
    private record Stand(String epoch, long offset) {}

    private final Supplier<@Nullable Map<String, Set<String>>> inForce;
    private final Supplier<@Nullable Map<String, Set<String>>> flows;
    private final Map<String, Map<String, Stand>> byAddress = new HashMap<>();
    private final Map<String, Map<String, @Nullable Stand[]>> ofFlows = new HashMap<>();

    /**
     * @param inForce the subscriptions that count on which addresses; null while that is not known, then all do
     * @param flows the flows that count on which addresses; null while that is not known, then all do
     */
    Holds(Supplier<@Nullable Map<String, Set<String>>> inForce, Supplier<@Nullable Map<String, Set<String>>> flows) {
        this.inForce = inForce;
        this.flows = flows;
    }

    void load(Connection connection) throws SQLException {
        byAddress.clear();
        ofFlows.clear();
        try (PreparedStatement all =
                        connection.prepareStatement("SELECT subscription, address, epoch, seq FROM cursors");
                ResultSet row = all.executeQuery()) {
            while (row.next()) {
                note(row.getString(1), row.getString(2), new Stand(row.getString(3), row.getLong(4)));
            }
        }
        try (PreparedStatement all =
                        connection.prepareStatement("SELECT flow, part, input, epoch, seq FROM flow_cursors");
                ResultSet row = all.executeQuery()) {
            while (row.next()) {
                note(row.getString(1), row.getInt(2), row.getString(3), new Stand(row.getString(4), row.getLong(5)));
            }
        }
        connection.commit();
    }

    void note(Work work) {
        for (Work.Cursor cursor : work.cursors()) {
            note(work.subscription(), cursor.address(), new Stand(cursor.epoch(), cursor.offset()));
        }
    }

    void note(FlowCommit commit) {
        for (FlowCommit.Cursor cursor : commit.cursors()) {
            Stand stand = new Stand(cursor.at().epoch(), cursor.at().offset());
            note(commit.flow(), cursor.partition(), cursor.input(), stand);
        }
    }

    private void note(String flow, int partition, String input, Stand stand) {
        Stand[] stands = ofFlows.computeIfAbsent(input, unseen -> new HashMap<>())
                .computeIfAbsent(flow, unseen -> new Stand[FlowJournal.PARTITIONS]);
        stands[partition] = stand;
    }

    private void note(String subscription, String address, Stand stand) {
        byAddress.computeIfAbsent(address, unseen -> new HashMap<>()).put(subscription, stand);
    }

    /** The subscription, or the flow, is deleted. */
    void forget(String name, boolean flow) {
        (flow ? ofFlows : byAddress).values().forEach(stands -> stands.remove(name));
    }

    /** Up to where all have settled; {@link Long#MAX_VALUE} when nobody reads the log. */
    long settled(LogState log) {
        return Math.min(ofSubscriptions(log), ofFlows(log));
    }

    private long ofSubscriptions(LogState log) {
        Map<String, Stand> stands = byAddress.get(log.address);
        if (stands == null) {
            return Long.MAX_VALUE;
        }
        Map<String, Set<String>> counted = inForce.get();
        long settled = Long.MAX_VALUE;
        for (Map.Entry<String, Stand> each : stands.entrySet()) {
            boolean counts = counted == null || reads(counted.getOrDefault(each.getKey(), Set.of()), log.address);
            if (counts && each.getValue().epoch().equals(log.epoch)) {
                settled = Math.min(settled, each.getValue().offset());
            }
        }
        return settled;
    }

    private long ofFlows(LogState log) {
        Map<String, @Nullable Stand[]> readers = ofFlows.get(log.address);
        if (readers == null) {
            return Long.MAX_VALUE;
        }
        Map<String, Set<String>> counted = flows.get();
        long settled = Long.MAX_VALUE;
        for (Map.Entry<String, @Nullable Stand[]> each : readers.entrySet()) {
            if (counted == null || reads(counted.getOrDefault(each.getKey(), Set.of()), log.address)) {
                for (Stand stand : each.getValue()) {
                    boolean counts = stand != null && stand.epoch().equals(log.epoch);
                    settled = counts ? Math.min(settled, stand.offset()) : settled;
                }
            }
        }
        return settled;
    }

    private static boolean reads(Set<String> names, String address) {
        return names.contains(address) || names.stream().anyMatch(name -> Addresses.isOf(name, address));
    }
}
