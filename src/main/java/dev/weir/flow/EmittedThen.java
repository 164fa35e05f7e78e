package dev.weir.flow;

import dev.weir.bus.Journal;
import dev.weir.bus.KeptEvent;
import dev.weir.bus.Origin;
import dev.weir.event.EventHeaders;
import dev.weir.event.InvalidEventException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Finds what a flow really emitted of certain events, where that is kept. Used by one thread at a time. */
final class EmittedThen {
    private static final int PAGE = 500;
    private static final int MOST = 200_000;

    /** An output may be older than what it is caused by says it is: clocks of producers differ. */
    private static final long EARLIER_MILLIS = 3_600_000;

    private final Journal journal;
    private final String source;
    private final Set<String> causes;
    private final List<Emission> found = new ArrayList<>();
    private int looked;

    /** @param causes the ids of the events that went into the flow */
    EmittedThen(Journal journal, String flow, Set<String> causes) {
        this.journal = journal;
        this.source = Origin.node("flows/" + flow).source();
        this.causes = causes;
    }

    /** What was emitted to these addresses since then, in the order of each. */
    Future<List<Emission>> read(Collection<String> addresses, long sinceMillis) {
        List<Future<Void>> read = new ArrayList<>();
        for (String address : addresses) {
            read.add(journal.offsetBefore(address, sinceMillis - EARLIER_MILLIS)
                    // Where it is not known when events were kept, all are looked at.
                    .otherwise(0L)
                    .compose(from -> read(address, from)));
        }
        return Future.all(read).map(found);
    }

    /** Whether there was more than is looked at. */
    boolean isCut() {
        return looked >= MOST;
    }

    private Future<Void> read(String address, long from) {
        return journal.read(address, from, PAGE).compose(stretch -> {
            stretch.events().forEach(event -> look(address, event));
            return stretch.to() > from && stretch.to() < stretch.head().head() && !isCut()
                    ? read(address, stretch.to())
                    : Future.succeededFuture();
        });
    }

    private void look(String address, KeptEvent event) {
        looked++;
        MultiMap headers = event.headers();
        String cause = headers.get(Emission.CAUSATION);
        if (source.equals(headers.get(EventHeaders.SOURCE)) && cause != null && causes.contains(cause)) {
            found.add(Emission.of(timeOf(headers), address, headers, event.body()));
        }
    }

    private static long timeOf(MultiMap headers) {
        String text = headers.get(EventHeaders.TIME);
        try {
            return text == null ? 0 : EventHeaders.parseTime(text).toEpochMilli();
        } catch (InvalidEventException | ArithmeticException noTime) {
            return 0;
        }
    }
}
