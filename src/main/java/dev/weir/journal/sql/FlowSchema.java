package dev.weir.journal.sql;

import dev.weir.bus.FlowJournal;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of flows, the same for all SQL engines but for the name of the type that holds bytes and the room left in pages. */
final class FlowSchema {
    private static final String CURSORS = """
            CREATE TABLE flow_cursors (
              flow TEXT NOT NULL,
              part INTEGER NOT NULL,
              input TEXT NOT NULL,
              epoch TEXT NOT NULL,
              seq BIGINT NOT NULL,
              PRIMARY KEY (flow, part, input))%s""";

    private static final String STATES = """
            CREATE TABLE flow_states (
              flow TEXT NOT NULL,
              part INTEGER NOT NULL,
              stage TEXT NOT NULL,
              key TEXT NOT NULL,
              due BIGINT NOT NULL,
              state TEXT NOT NULL,
              PRIMARY KEY (flow, part, stage, key))%s""";

    private static final String PARKED = """
            CREATE TABLE flow_parked (
              flow TEXT NOT NULL,
              parked TEXT NOT NULL,
              part INTEGER NOT NULL,
              stage TEXT NOT NULL,
              key TEXT NOT NULL,
              due BIGINT NOT NULL,
              attempts INTEGER NOT NULL,
              failures TEXT NOT NULL,
              address TEXT NOT NULL,
              epoch TEXT NOT NULL,
              seq BIGINT NOT NULL,
            %s,
              PRIMARY KEY (flow, parked))""";

    static final String UPSERT_CURSOR = "INSERT INTO flow_cursors (flow, part, input, epoch, seq) VALUES (?,?,?,?,?)"
            + " ON CONFLICT (flow, part, input) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq";

    static final String UPSERT_STATE =
            "INSERT INTO flow_states (flow, part, stage, key, due, state) VALUES (?,?,?,?,?,?)"
                    + " ON CONFLICT (flow, part, stage, key) DO UPDATE SET due = excluded.due, state = excluded.state";

    static final String DELETE_STATE = "DELETE FROM flow_states WHERE flow = ? AND part = ? AND stage = ? AND key = ?";

    static final String UPSERT_PARKED =
            "INSERT INTO flow_parked (flow, parked, part, stage, key, due, attempts, failures, address, epoch, seq, "
                    + WorkSchema.EVENT_COLUMNS + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                    + " ON CONFLICT (flow, parked) DO UPDATE SET part = excluded.part, stage = excluded.stage,"
                    + " key = excluded.key, due = excluded.due, attempts = excluded.attempts,"
                    + " failures = excluded.failures, address = excluded.address, epoch = excluded.epoch,"
                    + " seq = excluded.seq, id = excluded.id, source = excluded.source, type = excluded.type,"
                    + " subject = excluded.subject, time = excluded.time, authid = excluded.authid,"
                    + " headers = excluded.headers, kind = excluded.kind, data = excluded.data";

    static final String DELETE_PARKED = "DELETE FROM flow_parked WHERE flow = ? AND parked = ?";

    static final String INSERT_DEAD = "INSERT INTO dead_letters (letter, subscription, hop, part, address, epoch, seq,"
            + " died, reason, attempts, failures, " + WorkSchema.EVENT_COLUMNS
            + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (letter) DO NOTHING";

    static final String SELECT_CURSORS = "SELECT part, input, epoch, seq FROM flow_cursors WHERE flow = ?";

    static final String SELECT_STATES = "SELECT part, stage, key, state, due FROM flow_states WHERE flow = ?";

    static final String SELECT_PARKED =
            "SELECT parked, part, stage, key, due, attempts, failures, address, epoch, seq, " + WorkSchema.EVENT_COLUMNS
                    + " FROM flow_parked WHERE flow = ?";

    /** Of a subscription. */
    static final String SELECT_ALL_DEAD = "SELECT letter, coalesce(part, 0), hop, address, epoch, seq, "
            + WorkSchema.EVENT_COLUMNS + " FROM dead_letters WHERE subscription = ?";

    /** Of a subscription, with as many letters as there are. */
    static final String SELECT_DEAD = SELECT_ALL_DEAD + " AND letter IN (%s)";

    static final String SELECT_STAGES =
            "SELECT stage FROM flow_states WHERE flow = ? UNION SELECT stage FROM flow_parked WHERE flow = ?";

    private static final int CHUNK = 5_000;

    /** Some of the states of a flow; of one stage when there is one more parameter. */
    static final String DELETE_STATES = "DELETE FROM flow_states WHERE (flow, part, stage, key) IN"
            + " (SELECT flow, part, stage, key FROM flow_states WHERE flow = ?%s LIMIT " + CHUNK + ")";

    static final String DELETE_ALL_PARKED = "DELETE FROM flow_parked WHERE flow = ?";

    static final String DELETE_CURSORS = "DELETE FROM flow_cursors WHERE flow = ?";

    static final String OF_STAGE = " AND stage = ?";

    /** A token that is given back is never in force again. */
    static final String RELEASE = "UPDATE claims SET expires = 0, token = token + 1, node = ''"
            + " WHERE name = ? AND node = ? AND token = ?";

    /** All partitions of a flow. */
    static final String REVOKE = "UPDATE claims SET expires = 0, token = token + 1, node = '' WHERE name IN ("
            + marks(FlowJournal.PARTITIONS) + ")";

    /** What claims of nodes begin with. */
    static final String PRESENT = "node/";

    private FlowSchema() {}

    /**
     * @param bytes the type of columns that hold bytes
     * @param room for rows that change all the time
     */
    static List<String> tables(String bytes, String room) {
        return List.of(
                CURSORS.formatted(room),
                "CREATE INDEX flow_cursors_input ON flow_cursors (input)",
                STATES.formatted(room),
                PARKED.formatted(WorkSchema.EVENT.formatted(bytes)),
                "ALTER TABLE dead_letters ADD COLUMN part INTEGER");
    }

    /** So many parameters in a row. */
    static String marks(int count) {
        return String.join(",", Collections.nCopies(count, "?"));
    }

    /** The rest of a query about a flow: those partitions only. */
    static String of(Set<Integer> partitions) {
        return partitions.size() == FlowJournal.PARTITIONS
                ? ""
                : partitions.stream().map(String::valueOf).collect(Collectors.joining(",", " AND part IN (", ")"));
    }

    /** A node claims that it is there; nobody else ever claims that. */
    static String sayPresent(String clock) {
        return "INSERT INTO claims (name, node, token, expires) VALUES ('" + PRESENT + "' || ?, ?, 1, ? + " + clock
                + ")" + " ON CONFLICT (name) DO UPDATE SET expires = excluded.expires";
    }

    /** Those of some nodes that have said so and whose time is not over; at least one is asked about. */
    static String selectPresent(int count, String clock) {
        String names = String.join(",", Collections.nCopies(count, "'" + PRESENT + "' || ?"));
        return "SELECT node FROM claims WHERE name IN (" + names + ") AND expires >= " + clock;
    }

    /** Takes claims that are free, over or the node's own, in the order of their names; answers those that are the node's then. */
    static String takeClaims(int count, String clock) {
        String row = "(?, ?, 1, ? + " + clock + ")";
        return "INSERT INTO claims (name, node, token, expires) VALUES "
                + String.join(",", Collections.nCopies(count, row))
                + " ON CONFLICT (name) DO UPDATE SET node = excluded.node, expires = excluded.expires,"
                + " token = claims.token + CASE WHEN claims.node = excluded.node THEN 0 ELSE 1 END"
                + " WHERE claims.node = excluded.node OR claims.expires < " + clock + " RETURNING name, token";
    }
}
