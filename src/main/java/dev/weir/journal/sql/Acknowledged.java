package dev.weir.journal.sql;

import dev.weir.bus.Head;
import dev.weir.bus.Ids;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each incarnation of a log was acknowledged by this process. A file that has less of it, such as a backup that was put in place
 * of a running node's, would give offsets a second time: the log gets another epoch there, so that nobody takes them for those
 * that he has seen. Owned by the writer; outlives what is opened.
 */
final class Acknowledged {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledged.class);

    private static final List<String> RENEW = List.of(
            "UPDATE logs SET epoch = ? WHERE address = ? AND epoch = ?",
            "UPDATE cursors SET epoch = ? WHERE address = ? AND epoch = ?",
            "UPDATE deferred SET epoch = ? WHERE address = ? AND epoch = ?",
            "UPDATE flow_cursors SET epoch = ? WHERE input = ? AND epoch = ?",
            "UPDATE flow_parked SET epoch = ? WHERE address = ? AND epoch = ?");

    /** By epoch; only of logs that are not open now. */
    private final Map<String, Long> heads = new HashMap<>();

    /** The logs that were open until now. */
    void note(Collection<LogState> known) {
        known.forEach(log -> heads.merge(log.epoch, log.head().head(), Math::max));
    }

    /** The logs of a file that was opened, those that end too early in another epoch. Subscriptions go on there where they stood. */
    List<LogState> renew(Connection opened, List<LogState> found) throws SQLException {
        List<LogState> logs = new ArrayList<>(found.size());
        for (LogState log : found) {
            Long told = heads.get(log.epoch);
            logs.add(told == null || told <= log.head().head() ? log : renewed(opened, log, told));
        }
        opened.commit();
        logs.forEach(log -> heads.remove(log.epoch));
        return logs;
    }

    private static LogState renewed(Connection opened, LogState log, long told) throws SQLException {
        String epoch = Ids.secret().substring(0, Transaction.EPOCH_LENGTH);
        for (String each : RENEW) {
            try (PreparedStatement update = opened.prepareStatement(each)) {
                update.setString(1, epoch);
                update.setString(2, log.address);
                update.setString(3, log.epoch);
                update.executeUpdate();
            }
        }
        LOG.warn(
                "the file has {} up to offset {}, of {} that were acknowledged; it goes on there in another epoch",
                log.address,
                log.head().head(),
                told);
        Head head = new Head(epoch, log.head().head(), log.head().floor());
        LogState renewed = new LogState(log.id, log.address, head, log.appendedMillis, log.deleted);
        renewed.latest = log.latest;
        return renewed;
    }
}
