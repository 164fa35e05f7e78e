package dev.weir.journal.sql;

import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.FlowStore;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.TraceStore;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What the SQL engines share: the connection of the writer. Whatever goes wrong while it is used, a bug too, it is given up and with
 * it its transaction, so that nothing half done is ever committed by the next step and no lock stays behind. Owned by the writer.
 */
abstract class SqlEngine implements Engine {
    /** What the writer does over its connection, the commit included. */
    interface Step<T> {
        T run(Connection connection) throws SQLException, JournalException;
    }

    final LongAdder trimmed = new LongAdder();
    final SqlWork work;
    private final SqlTraces traces;
    private @Nullable Connection connection;

    /**
     * See {@link SqlWork}.
     *
     * @param finds see {@link SqlTraces}
     */
    SqlEngine(boolean shared, String clock, String lock, String finds, EngineRules rules) {
        WorkConnections connections = new WorkConnections();
        this.work = new SqlWork(connections, shared, clock, lock, rules.deadLetters());
        this.traces = new SqlTraces(connections, finds);
    }

    /** The writer's connection. */
    abstract Connection connect() throws SQLException, JournalException;

    /** Another connection, each of whose statements is a transaction. */
    abstract Connection other() throws SQLException;

    /** Makes ready what writes over a new connection. */
    abstract void begin(Connection opened, long nowMillis) throws SQLException, JournalException;

    /** Lets go of what belongs to the connection. */
    abstract void end();

    /** Work is on the disk now; called by the writer. */
    void kept(Work work) {}

    /** A subscription or a flow is gone, with its positions; called by the writer. */
    void forgotten(String name, boolean flow) {}

    /** Keeps appends and cuts, see {@link FlowStore#keep}. */
    abstract FlowStore.Kept commit(List<Append> appends, List<Cut> cuts, long nowMillis) throws JournalException;

    @Override
    public final List<Outcome> commit(List<Append> appends, long nowMillis) throws JournalException {
        return commit(appends, List.of(), nowMillis).appends();
    }

    /** For operators: what failed, and how to mend it where that is known. */
    abstract JournalException explain(String what, SQLException failure);

    @Override
    public final void open(long nowMillis) throws JournalException {
        close();
        try {
            connection = connect();
        } catch (SQLException e) {
            throw explain("cannot be opened", e);
        }
        write("cannot be opened", opened -> {
            begin(opened, nowMillis);
            return true;
        });
    }

    /** Whether a failure says that a row cannot be kept, whenever and by whomever. */
    abstract boolean isOfEvents(SQLException failure);

    /** What the transaction has changed in memory is as before; called by the writer. */
    void undone() {}

    /** Something was committed; called by the writer. */
    void changed() {}

    /** Keeps events. When they are at fault the transaction is undone and nothing is given up, so that others can be kept. */
    final <T> T keep(String what, Step<T> step) throws JournalException {
        return write(what, own -> {
            try {
                return step.run(own);
            } catch (SQLException e) {
                if (!isOfEvents(e)) {
                    throw e;
                }
                own.rollback();
                undone();
                throw JournalException.ofEvents(String.valueOf(explain(what, e).getMessage()), e);
            }
        });
    }

    /** Does a step of the writer; however it fails, the engine is closed. */
    final <T> T write(String what, Step<T> step) throws JournalException {
        Connection own = connection;
        if (own == null) {
            throw new JournalException(this + " is not open", new IllegalStateException("closed"));
        }
        boolean done = false;
        try {
            T result = step.run(own);
            done = true;
            return result;
        } catch (JournalException e) {
            done = e.isOfEvents();
            throw e;
        } catch (SQLException e) {
            throw explain(what, e);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    @Override
    public final Optional<WorkStore> work() {
        return Optional.of(work);
    }

    @Override
    public final Optional<TraceStore> traces() {
        return Optional.of(traces);
    }

    @Override
    public final long trimmed() {
        return trimmed.sum();
    }

    @Override
    public final void close() {
        try {
            end();
            work.close();
            traces.close();
        } finally {
            Closing.quietly(connection);
            connection = null;
        }
    }

    private final class WorkConnections implements SqlWork.Connections {
        @Override
        public <T> T write(Step<T> step) throws JournalException {
            // When the outcome is unknown that does not matter: keeping it again changes nothing.
            return SqlEngine.this.write("failed", own -> {
                T result = step.run(own);
                own.commit();
                changed();
                return result;
            });
        }

        @Override
        public Connection other() throws SQLException {
            return SqlEngine.this.other();
        }

        @Override
        public JournalException explain(SQLException e) {
            return SqlEngine.this.explain("failed", e);
        }

        @Override
        public void kept(Work done) {
            SqlEngine.this.kept(done);
        }

        @Override
        public FlowStore.Kept commit(List<Append> appends, List<Cut> cuts, long nowMillis) throws JournalException {
            return SqlEngine.this.commit(appends, cuts, nowMillis);
        }

        @Override
        public void forgotten(String name, boolean flow) {
            SqlEngine.this.forgotten(name, flow);
        }
    }
}
