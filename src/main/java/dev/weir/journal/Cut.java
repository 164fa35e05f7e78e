package dev.weir.journal;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cut through a flow as engines keep it.
 *
 * @param fences what must be in force for it
 * @param appends its events by address, in order
 * @param entries the same as they go to listeners, for each append those of its rows
 * @param parked the events of {@link FlowCommit#parked()}, in their order
 * @param dead the events of {@link FlowCommit#dead()}, in their order
 */
public record Cut(
        FlowCommit commit,
        List<Work.Fence> fences,
        List<Append> appends,
        List<List<Journal.Entry>> entries,
        List<EventRow> parked,
        List<EventRow> dead) {
    private static final int ROW = 100;

    /** Copies what it is given. */
    public Cut {
        fences = List.copyOf(fences);
        appends = List.copyOf(appends);
        entries = List.copyOf(entries);
        parked = List.copyOf(parked);
        dead = List.copyOf(dead);
    }

    private static final class Log {
        Keep keep = Keep.LATEST;
        final List<EventRow> rows = new ArrayList<>();
        final List<Journal.Entry> entries = new ArrayList<>();
    }

    /**
     * A cut to keep.
     *
     * @param fenced whether its claims are to be looked at in the store
     * @throws IllegalArgumentException when something in it cannot be kept
     */
    public static Cut of(FlowCommit commit, boolean fenced) {
        check(commit);
        Map<String, Log> logs = new LinkedHashMap<>();
        for (FlowCommit.Append each : commit.appends()) {
            Journal.Entry entry = each.entry();
            Log log = logs.computeIfAbsent(each.address(), first -> new Log());
            log.keep = each.keep();
            log.rows.add(EventRow.of(entry.headers(), entry.body(), entry.ownId()));
            log.entries.add(entry);
        }
        List<Append> appends = new ArrayList<>(logs.size());
        logs.forEach((address, log) -> appends.add(new Append(address, log.keep, log.rows)));
        return new Cut(
                commit,
                fenced ? fences(commit.flow(), commit.claims()) : List.of(),
                appends,
                logs.values().stream().map(log -> log.entries).toList(),
                commit.parked().stream()
                        .map(each -> row(each.headers(), each.body()))
                        .toList(),
                commit.dead().stream()
                        .map(each -> row(each.headers(), each.body()))
                        .toList());
    }

    private static EventRow row(MultiMap headers, @Nullable Object body) {
        return EventRow.of(headers, body, true);
    }

    /** Under which name a partition is claimed. */
    public static String claimName(String flow, int partition) {
        return "flow/" + flow + "/" + partition;
    }

    /** What must be in force for claims to be so. */
    public static List<Work.Fence> fences(String flow, List<FlowCommit.Claim> claims) {
        return claims.stream()
                .map(each -> new Work.Fence(claimName(flow, each.partition()), each.token()))
                .toList();
    }

    /** Roughly how many bytes it takes beside its appends. */
    public int bytes() {
        int bytes = ROW * (1 + commit.cursors().size() + commit.unparked().size());
        for (FlowCommit.State each : commit.states()) {
            String json = each.json();
            bytes += ROW + each.key().length() + (json == null ? 0 : json.length());
        }
        for (EventRow row : parked) {
            bytes += ROW + row.size();
        }
        for (EventRow row : dead) {
            bytes += ROW + row.size();
        }
        return bytes;
    }

    private static void check(FlowCommit commit) {
        for (FlowCommit.Cursor each : commit.cursors()) {
            check(each.partition(), each.input(), each.at().epoch());
        }
        for (FlowCommit.State each : commit.states()) {
            check(each.partition(), each.stage(), each.key(), each.json());
        }
        for (FlowCommit.Parked each : commit.parked()) {
            check(each.partition(), each.id(), each.stage(), each.key());
        }
        for (FlowCommit.Dead each : commit.dead()) {
            check(each.partition(), each.id(), each.hop(), each.reason());
        }
    }

    private static void check(int partition, @Nullable String... texts) {
        if (partition < 0 || partition >= FlowJournal.PARTITIONS) {
            throw new IllegalArgumentException("there is no partition " + partition);
        }
        for (String text : texts) {
            if (text != null && text.indexOf(0) >= 0) {
                // PostgreSQL's text has no such character, and would refuse what others keep in the same transaction.
                throw new IllegalArgumentException(
                        "a key, a stage or an input has the character U+0000: " + text.replace('\0', '?'));
            }
        }
    }
}
