package dev.weir.journal.sql;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.FlowStore;
import dev.weir.journal.JournalException;
import dev.weir.journal.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Flows in the tables of an SQL engine. Writes over the writer's connection, reads and claims over others, so that a long read does not
 * make a claim late.
 */
final class SqlFlows implements FlowStore {
    private static final String OWN = " FOR UPDATE";

    private record Reader(Connection connection) implements ReaderPool.Reader {}

    private final SqlWork.Connections connections;
    private final boolean shared;
    private final String clock;
    private final String lock;
    private final ReaderPool<Reader> readers;

    /** See {@link SqlWork}. */
    SqlFlows(SqlWork.Connections connections, boolean shared, String clock, String lock) {
        this.connections = connections;
        this.shared = shared;
        this.clock = clock;
        this.lock = lock;
        this.readers = new ReaderPool<>(connections::other, Reader::new);
    }

    @Override
    public Kept keep(List<Append> appends, List<Cut> cuts, long nowMillis) throws JournalException {
        return connections.commit(appends, cuts, nowMillis);
    }

    @Override
    public FlowJournal.Standing standing(String flow, Set<Integer> partitions) throws JournalException {
        return read(connection -> {
            if (shared) {
                FlowReads.await(connection, flow, partitions, OWN);
            }
            return FlowReads.standing(connection, flow, partitions);
        });
    }

    @Override
    public Set<String> present(Set<String> nodes, String node, long ttlMillis) throws JournalException {
        return read(connection -> FlowReads.present(connection, nodes, node, ttlMillis, clock));
    }

    @Override
    public Optional<String> layout(String flow) throws JournalException {
        return read(connection -> Optional.ofNullable(FlowLayouts.of(connection, flow, "")));
    }

    @Override
    public void layOut(String flow, FlowJournal.Layout layout) throws JournalException {
        connections.write(connection -> FlowLayouts.change(connection, flow, layout, shared ? OWN : ""));
    }

    @Override
    public Map<Integer, Long> claim(String flow, Set<Integer> wanted, String node, long ttlMillis)
            throws JournalException {
        return read(connection -> FlowReads.claim(connection, flow, wanted, node, ttlMillis, clock));
    }

    @Override
    public void release(String flow, List<FlowCommit.Claim> claims, String node) throws JournalException {
        read(connection -> {
            FlowReads.release(connection, flow, claims, node);
            return true;
        });
    }

    private <T> T read(Question<T> question) throws JournalException {
        try {
            return readers.use(reader -> question.ask(reader.connection()));
        } catch (SQLException e) {
            throw connections.explain(e);
        }
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    @Override
    public boolean retain(String flow, Set<String> stages) throws JournalException {
        return connections.write(connection -> FlowTidy.retain(connection, flow, stages));
    }

    @Override
    public boolean forget(String flow) throws JournalException {
        boolean more = connections.write(connection -> FlowTidy.forget(connection, flow, shared ? OWN : ""));
        connections.forgotten(flow, true);
        return more;
    }

    @Override
    public Optional<FlowJournal.Replayed> replay(
            String flow, List<Work.Fence> fences, Set<Integer> partitions, FlowJournal.Replay replay, long nowMillis)
            throws JournalException {
        return connections.write(connection -> {
            Map<String, Long> tokens = FlowTables.tokens(connection, fences, lock);
            return FlowTables.hold(tokens, fences)
                    ? Optional.of(FlowTidy.replay(connection, flow, partitions, replay, shared ? OWN : "", nowMillis))
                    : Optional.empty();
        });
    }

    void close() {
        readers.close();
    }
}
