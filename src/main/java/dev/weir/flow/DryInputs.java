package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Refusal;
import dev.weir.bus.StartAt;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what is kept of what flows read, for one dry run. Used by one thread at a time. */
final class DryInputs {
    private static final int MOST_LOGS = 32;
    private static final int PAGE = 500;
    private static final int MOST_KEYS = 100_000;

    /** No event is taken to be older: time that nobody meant would pass. */
    private static final long LONGEST_AGO_MILLIS = 100L * 366 * 24 * 3600 * 1000;

    private final FlowServices services;
    private final Journal journal;
    private final DryRunRequest request;
    private final Set<String> notes = new TreeSet<>();

    DryInputs(FlowServices services, Journal journal, DryRunRequest request) {
        this.services = services;
        this.journal = journal;
        this.request = request;
    }

    /** What is good to know of what was read. */
    Collection<String> notes() {
        return notes;
    }

    void note(String what) {
        notes.add(what);
    }

    /** The kept addresses that a flow reads, each with the types that it takes. */
    Future<Map<String, List<String>>> of(FlowSpec spec) {
        Map<String, List<String>> found = new TreeMap<>();
        List<Future<Void>> asked = new ArrayList<>();
        for (InputSpec input : spec.from()) {
            if (!input.isAddress() || LaneInputs.keepOf(input, services) == null) {
                notes.add(input.name() + " has no past, since only addresses with keep have one");
            } else if (Addresses.isPattern(input.name())) {
                asked.add(ofPattern(input).map(addresses -> {
                    addresses.forEach(address -> found.put(address, input.types()));
                    return null;
                }));
            } else {
                found.put(input.name(), input.types());
            }
        }
        return Future.all(asked).map(found);
    }

    private Future<List<String>> ofPattern(InputSpec input) {
        FlowJournal flows = services.journal().get();
        if (flows == null) {
            notes.add(input.name() + " is not read: this journal does not know the addresses of patterns");
            return Future.succeededFuture(List.of());
        }
        return flows.addresses().map(all -> all.stream()
                .filter(address -> {
                    Policy policy = services.authorizer().policies().of(address).orElse(null);
                    return policy != null && policy.match().subscription().equals(input.name());
                })
                .toList());
    }

    /** The stretches that are asked for. */
    Future<Past> past(Set<String> addresses) {
        List<String> read = new TreeSet<>(addresses).stream().limit(MOST_LOGS).toList();
        if (read.size() < addresses.size()) {
            notes.add("only the first " + MOST_LOGS + " of " + addresses.size() + " addresses are read");
        }
        boolean positioned = (request.since() != null && request.since().position() != null)
                || (request.until() != null && request.until().position() != null);
        if (positioned && read.size() > 1) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER, "a position is one address's, and several are read; write a time");
        }
        List<Future<PastLog>> opened =
                read.stream().map(address -> open(address, read.size())).toList();
        return Future.all(opened)
                .map(all -> new Past(opened.stream().map(Future::result).toList()));
    }

    private Future<PastLog> open(String address, int logs) {
        // Reading begins no log, as asking for its head would.
        return journal.read(address, 0, 1).compose(first -> {
            Head head = first.head();
            Keep keep = services.publisher().keepOf(address);
            long oldest = keep != null && keep.latest() ? 0 : head.floor();
            long newest = Math.max(oldest, head.head() - request.limit() / logs);
            Future<Long> from = offset(request.since(), address, head, newest);
            Future<Long> to = offset(request.until(), address, head, head.head());
            return Future.all(from, to).map(both -> {
                long now = services.clock().millis();
                return new PastLog(
                        journal,
                        address,
                        head.epoch(),
                        Math.max(oldest, from.result()),
                        Math.min(head.head(), to.result()),
                        now - LONGEST_AGO_MILLIS,
                        now);
            });
        });
    }

    private Future<Long> offset(@Nullable StartAt at, String address, Head head, long otherwise) {
        if (at == null) {
            return Future.succeededFuture(otherwise);
        }
        Long millis = at.millis();
        if (millis != null) {
            return journal.offsetBefore(address, millis);
        }
        Position position = at.position();
        if (position == null || !position.epoch().equals(head.epoch())) {
            throw new Refusal(FailureCode.EPOCH_CHANGED, address + " is at " + head.position());
        }
        return Future.succeededFuture(position.offset());
    }

    /** What stages look up, as it is now. */
    Future<Map<String, Latest>> tables(Set<String> addresses) {
        Map<String, Latest> tables = new TreeMap<>();
        List<Future<Void>> read = new ArrayList<>();
        for (String address : addresses) {
            Latest table = new Latest(MOST_KEYS);
            tables.put(address, table);
            read.add(fill(table, address, 0));
            notes.add("what is looked up on " + address + " is as it is now");
        }
        return Future.all(read).map(tables);
    }

    private Future<Void> fill(Latest table, String address, long from) {
        return journal.read(address, from, PAGE).compose(stretch -> {
            stretch.events().forEach(event -> table.put(event.headers().get(EventHeaders.SUBJECT), event.body()));
            if (stretch.to() > from && stretch.to() < stretch.head().head() && table.evicted() == 0) {
                return fill(table, address, stretch.to());
            }
            if (table.evicted() > 0) {
                notes.add("of " + address + " only " + MOST_KEYS + " keys are looked up");
            }
            table.ready();
            return Future.succeededFuture();
        });
    }
}
