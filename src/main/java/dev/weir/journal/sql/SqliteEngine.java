package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.EngineRules;
import dev.weir.journal.FlowStore;
import dev.weir.journal.JournalException;
import dev.weir.journal.Outcome;
import dev.weir.journal.RecentIds;
import dev.weir.journal.Stored;
import dev.weir.journal.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One file, one writer, many short readers; survives power loss, since a commit is synchronous. Heads, floors and recent ids are
 * in memory and read anew at every opening, which also happens after each failure: then the file says what was kept.
 */
public final class SqliteEngine extends SqlEngine {
    /** The journal's file in the data folder. */
    public static final String FILE = "journal.db";

    private static final int DELETE_CHUNK = 2_000;
    private static final int VACUUM_PAGES = 256;

    /** What a value may be refused for; not what another writer may be the cause of. */
    private static final Set<SQLiteErrorCode> REFUSED = EnumSet.of(
            SQLiteErrorCode.SQLITE_TOOBIG,
            SQLiteErrorCode.SQLITE_MISMATCH,
            SQLiteErrorCode.SQLITE_CONSTRAINT_CHECK,
            SQLiteErrorCode.SQLITE_CONSTRAINT_NOTNULL,
            SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER);

    private final Path file;
    private final RecentIds recent;
    private final EngineRules rules;
    private final OpenedFile opening;
    private final Acknowledged acknowledged = new Acknowledged();
    private final SqliteReaders readers;
    private final Holds holds;
    private final Map<String, LogState> logs = new ConcurrentHashMap<>();
    private @Nullable Transaction transaction;
    private @Nullable SqliteCheckpoints checkpoints;
    private volatile boolean loaded;
    private int nextLog = 1;

    /**
     * An engine that is not open yet.
     *
     * @param folder where its file is; made when it is not there
     */
    public SqliteEngine(Path folder, EngineRules rules) {
        super(false, "0", "", "instr", rules);
        this.rules = rules;
        this.file = folder.resolve(FILE);
        this.recent = new RecentIds(rules.windowMillis(), rules.mostIds());
        this.opening = new OpenedFile(file);
        this.readers = new SqliteReaders(this::other);
        this.holds = new Holds(rules.subscriptions(), rules.flows());
    }

    @Override
    Connection connect() throws SQLException, JournalException {
        Path folder = file.getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new JournalException(this + " cannot be opened: " + e.getMessage(), e);
        }
        opening.setAside();
        return Sqlite.writer(file);
    }

    @Override
    Connection other() throws SQLException {
        if (opening.isOther()) {
            // What is known of the logs is of the file before.
            throw new SQLException("the file was removed or replaced");
        }
        return Sqlite.reader(file);
    }

    @Override
    void begin(Connection opened, long nowMillis) throws SQLException {
        acknowledged.note(logs.values());
        Loading loading = new Loading(opened);
        List<LogState> found = acknowledged.renew(opened, loading.logs());
        for (LogState log : found) {
            nextLog = Math.max(nextLog, log.id + 1);
        }
        loading.recent(found, recent, nowMillis);
        logs.keySet().retainAll(found.stream().map(log -> log.address).toList());
        found.forEach(log -> logs.put(log.address, log));
        holds.load(opened);
        transaction = new Transaction(opened, recent, trimmed, holds);
        checkpoints = new SqliteCheckpoints(file, opening);
        opening.opened();
        loaded = true;
    }

    @Override
    void end() {
        transaction = null;
        SqliteCheckpoints copying = checkpoints;
        checkpoints = null;
        if (copying != null) {
            copying.close();
        }
        readers.close();
    }

    @Override
    void kept(Work work) {
        holds.note(work);
        wrote(work.bytes());
    }

    @Override
    void changed() {
        wrote(0);
    }

    @Override
    void undone() {
        transaction().undo();
    }

    @Override
    boolean isOfEvents(SQLException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLiteException own && REFUSED.contains(own.getResultCode())) {
                return true;
            }
        }
        return false;
    }

    @Override
    void forgotten(String name, boolean flow) {
        holds.forget(name, flow);
    }

    @Override
    JournalException explain(String what, SQLException failure) {
        return new JournalException(this + " " + what + ": " + failure.getMessage(), failure);
    }

    @Override
    public String toString() {
        return "the journal " + file;
    }

    @Override
    FlowStore.Kept commit(List<Append> appends, List<Cut> cuts, long nowMillis) throws JournalException {
        return keep("could not be written", opened -> {
            Transaction own = transaction();
            Group group = cuts.isEmpty()
                    ? Group.of(appends)
                    : new Group(appends, cuts, own.flows().inForce(cuts));
            Map<String, LogState> begun = new HashMap<>();
            List<LogState> targets = new ArrayList<>(group.appends.size());
            for (Append append : group.appends) {
                targets.add(target(own, append, begun, nowMillis));
            }
            List<Outcome> outcomes = own.commit(group, targets, nowMillis);
            logs.putAll(begun);
            group.cuts.forEach(cut -> holds.note(cut.commit()));
            written(group);
            return group.kept(outcomes);
        });
    }

    private Transaction transaction() {
        return Objects.requireNonNull(transaction, "made at the opening");
    }

    private void written(Group group) {
        long bytes = 0;
        // By hand: a stream costs as much as what it sums up.
        for (Append append : group.appends) {
            bytes += append.bytes();
        }
        for (Cut cut : group.cuts) {
            bytes += cut.bytes();
        }
        wrote(bytes);
    }

    private void wrote(long bytes) {
        SqliteCheckpoints own = checkpoints;
        if (own != null) {
            own.wrote(bytes);
        }
    }

    private LogState target(Transaction own, Append append, Map<String, LogState> begun, long nowMillis)
            throws SQLException {
        LogState log = logs.getOrDefault(append.address(), begun.get(append.address()));
        if (log == null) {
            log = own.begin(nextLog++, append.address(), nowMillis);
            begun.put(log.address, log);
        }
        log.keep(append.keep());
        return log;
    }

    /** What is acknowledged would be gone with the process. */
    private void stay() throws JournalException {
        if (opening.isOther()) {
            throw new JournalException(
                    this + " was removed or replaced while the node runs", new IllegalStateException("another file"));
        }
    }

    @Override
    public boolean tidy(long nowMillis) throws JournalException {
        return write("could not be tidied", opened -> {
            stay();
            Transaction own = transaction();
            boolean more = false;
            for (LogState log : List.copyOf(logs.values())) {
                log.keep(rules.keeps().apply(log.address));
                own.retain(log, nowMillis, rules.forgetMillis());
                more |= own.delete(log, DELETE_CHUNK);
                if (own.forget(log, nowMillis, rules.forgetMillis())) {
                    logs.remove(log.address);
                }
            }
            more |= own.isHolding();
            more |= work.tidy(opened, nowMillis);
            if (!more) {
                Sqlite.shrink(opened, VACUUM_PAGES);
            }
            own.finish(nowMillis);
            return more;
        });
    }

    @Override
    public @Nullable Stored read(String address, long from, int limit) throws JournalException {
        LogState log = logs.get(address);
        if (log == null) {
            return null;
        }
        Head before = log.head();
        long start = log.latest ? from : Math.max(from, before.floor());
        try {
            List<Stored.Row> rows =
                    start >= before.head() ? List.of() : readers.read(log.id, start, before.head(), limit);
            long last = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).offset();
            boolean complete = rows.size() < limit && isComplete(rows, last, before.head(), log);
            return new Stored(log.head(), from, complete ? before.head() : Math.max(last, start), rows);
        } catch (SQLException e) {
            throw explain("could not be read", e);
        }
    }

    /** Fewer rows than asked for may mean the end or that the bytes were enough. */
    private boolean isComplete(List<Stored.Row> rows, long last, long head, LogState log) throws SQLException {
        return rows.isEmpty()
                || last >= head
                || readers.read(log.id, last, head, 1).isEmpty();
    }

    @Override
    public OptionalLong before(String address, long millis) throws JournalException {
        LogState log = logs.get(address);
        if (log == null) {
            return OptionalLong.of(0);
        }
        Head head = log.head();
        try {
            long first = log.latest ? 1 : head.floor() + 1;
            return OptionalLong.of(readers.firstSince(log.id, first, head.head() + 1, millis) - 1);
        } catch (SQLException e) {
            throw explain("could not be read", e);
        }
    }

    @Override
    public Optional<Journal.Size> size(String address) throws JournalException {
        LogState log = logs.get(address);
        try {
            return Optional.of(
                    log == null
                            ? new Journal.Size(0, 0, true)
                            : readers.size(log.id, log.latest ? 0 : log.head().floor()));
        } catch (SQLException e) {
            throw explain("could not be read", e);
        }
    }

    @Override
    public Optional<Set<String>> addresses() throws JournalException {
        if (!loaded) {
            throw new JournalException(this + " was not opened yet", new IllegalStateException("not open"));
        }
        Set<String> all = new HashSet<>(logs.keySet());
        all.removeIf(Imports::isUnfinished);
        return Optional.of(all);
    }

    @Override
    public Map<String, Head> heads(Collection<String> addresses) {
        Map<String, Head> heads = new HashMap<>();
        for (String address : addresses) {
            LogState log = logs.get(address);
            if (log != null) {
                heads.put(address, log.head());
            }
        }
        return heads;
    }
}
