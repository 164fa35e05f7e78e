package dev.weir.journal.delayed;

import dev.weir.bus.Journal;
import dev.weir.journal.DelayedEvent;

/** An event whose time has come, as it is stored and as it goes on the bus. */
record Due(DelayedEvent event, Journal.Entry entry) {
    static Due of(DelayedEvent event) {
        return new Due(
                event,
                new Journal.Entry(
                        event.event().busHeaders(),
                        event.event().body(),
                        event.event().ownId()));
    }
}
