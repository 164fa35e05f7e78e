package dev.weir.journal;

import dev.weir.bus.Traces.By;
import dev.weir.event.Attributes;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody follows. Stores that can, look for {@link #quoted} and {@link #traced} in the text of the headers, which finds
 * a few too many; {@link #matches} decides. Immutable.
 */
public record Sought(String id, Set<By> by) {
    /** The header of what an event belongs to. */
    public static final String CORRELATION = EventHeaders.PREFIX + "correlationid";

    /** The header of the event directly before. */
    public static final String CAUSATION = EventHeaders.PREFIX + "causationid";

    /** Copies what it is given. */
    public Sought {
        by = Set.copyOf(by);
    }

    /** Whether the id may be that of an event or of what belongs together. */
    public boolean isName() {
        return by.contains(By.EVENT) || by.contains(By.CORRELATION);
    }

    /** Whether it may be that of a trace. */
    public boolean isTrace() {
        return by.contains(By.TRACE);
    }

    /** As the id stands among the headers. */
    public String quoted() {
        StringBuilder text = new StringBuilder(id.length() + 2);
        HeaderText.string(text, id);
        return text.toString();
    }

    /** As the id of a trace stands in a {@code traceparent}. */
    public String traced() {
        return "-" + id + "-";
    }

    /** Whether an event is one of them: it has the id, was caused by it, or belongs to it. */
    public boolean matches(EventRow event) {
        if (isName() && id.equals(event.id())) {
            return true;
        }
        String text = event.headers();
        if (text == null || !(text.contains(quoted()) || (isTrace() && text.contains(traced())))) {
            return false;
        }
        MultiMap headers = event.busHeaders();
        return (by.contains(By.EVENT) && id.equals(headers.get(CAUSATION)))
                || (isName() && id.equals(headers.get(CORRELATION)))
                || (isTrace() && isOfTrace(headers.get(Attributes.TRACEPARENT)));
    }

    private boolean isOfTrace(@Nullable String traceparent) {
        return traceparent != null && traceparent.contains(traced());
    }
}
