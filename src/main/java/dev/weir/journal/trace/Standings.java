package dev.weir.journal.trace;

import dev.weir.bus.FlowJournal;
import dev.weir.bus.Position;
import dev.weir.bus.StartAt;
import dev.weir.bus.SubscriptionPolicy;
import dev.weir.event.EventHeaders;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.Ranges;
import dev.weir.journal.TraceStore;
import dev.weir.journal.TraceStore.Reader;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the subscriptions and flows that read a log are past an event of it. Blocking; owned by one thread. */
final class Standings {
    private final TraceStore store;
    private final InForce inForce;
    private final Facts facts;
    private final Map<String, List<Reader>> readers = new HashMap<>();

    Standings(TraceStore store, InForce inForce, Facts facts) {
        this.store = store;
        this.inForce = inForce;
        this.facts = facts;
    }

    /** @param told of which it is known already that the event is not settled, by the names of their dead letters */
    void of(Search.Hit hit, Set<String> told) throws JournalException {
        String address = hit.log().address();
        List<Reader> all = readers.get(address);
        if (all == null) {
            all = store.readers(address);
            readers.put(address, all);
        }
        Set<String> begun = new HashSet<>();
        for (Reader reader : all) {
            String name = reader.flow() ? FlowJournal.subscription(reader.name()) : reader.name();
            if (reader.epoch().equals(hit.log().epoch())) {
                begun.add(name);
                standing(reader, hit, told.contains(name));
            }
        }
        begun.addAll(told);
        inForce.subscriptions().values().stream()
                .filter(each -> inForce.reads(each, address) && begun.add(each.name()))
                .forEach(each -> standing(notBegun(each.name(), false, hit), hit, false));
        Map<String, Set<String>> flows = inForce.flows();
        if (flows != null) {
            flows.keySet().stream()
                    .filter(each -> inForce.isFlow(each, address) && begun.add(FlowJournal.subscription(each)))
                    .forEach(each -> standing(notBegun(each, true, hit), hit, false));
        }
    }

    private static Reader notBegun(String name, boolean flow, Search.Hit hit) {
        return new Reader(name, flow, hit.log().epoch(), 0, 0, "");
    }

    private void standing(Reader reader, Search.Hit hit, boolean isTold) {
        if (reader.flow()) {
            if (inForce.isFlow(reader.name(), hit.log().address())) {
                flow(reader, hit, isTold);
            }
            return;
        }
        SubscriptionPolicy policy = inForce.subscriptions().get(reader.name());
        if (policy != null) {
            subscription(policy, reader, hit, isTold);
        }
    }

    private void subscription(SubscriptionPolicy policy, Reader reader, Search.Hit hit, boolean isTold) {
        if (!policy.wants(type(hit.event()))) {
            say(reader, hit, "skipped", "not for it: it takes other types");
        } else if (hit.offset() > reader.least() && !Ranges.contain(Ranges.parse(reader.settled()), hit.offset())) {
            say(reader, hit, "pending", "not settled: it is in flight, or has not been read yet" + behind(reader, hit));
        } else if (!isTold) {
            boolean isWhole = policy.start().equals(StartAt.BEGINNING);
            say(
                    reader,
                    hit,
                    "settled",
                    isWhole ? "settled: acknowledged" : "settled: acknowledged, or from before the subscription began");
        }
    }

    private void flow(Reader reader, Search.Hit hit, boolean isTold) {
        if (hit.offset() > reader.most()) {
            say(reader, hit, "pending", "not handled yet" + behind(reader, hit));
        } else if (hit.offset() > reader.least()) {
            say(reader, hit, "pending", "some partitions of the flow have read past it, others have not yet");
        } else if (!isTold) {
            say(reader, hit, "settled", "handled: the flow has read past it");
        }
    }

    private static String behind(Reader reader, Search.Hit hit) {
        return ", " + (hit.offset() - reader.least()) + " behind";
    }

    private static String type(EventRow event) {
        @Nullable String type = event.type();
        return type == null ? EventHeaders.DEFAULT_TYPE : type;
    }

    private void say(Reader reader, Search.Hit hit, String kind, String what) {
        JsonObject detail = new JsonObject()
                .put(reader.flow() ? "flow" : "subscription", reader.name())
                .put("position", new Position(reader.epoch(), reader.least()).toString());
        facts.standing(reader, hit.event(), kind, what, detail);
    }
}
