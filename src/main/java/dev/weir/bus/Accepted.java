package dev.weir.bus;

import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A sampled event on its way in: records how that ended. Made for sampled events only; used by one thread at a time. */
public final class Accepted {
    private final Spans spans;
    private final String address;
    private final MultiMap headers;
    private final @Nullable String given;
    private final long began;

    /** @param given the {@code traceparent} it came with */
    Accepted(Spans spans, String address, MultiMap headers, @Nullable String given) {
        this.spans = spans;
        this.address = address;
        this.headers = headers;
        this.given = given;
        this.began = spans.began(headers);
    }

    /** When it was complete. */
    long began() {
        return began;
    }

    /** It is on the bus. */
    public void done() {
        spans.accepted(address, headers, given, began, null, "source", source());
    }

    private void done(Receipt receipt) {
        List<Object> detail = new ArrayList<>(List.of("source", source()));
        Position kept = receipt.kept();
        if (kept != null) {
            detail.addAll(List.of("kept", kept.toString()));
        }
        if (receipt.repeated()) {
            detail.addAll(List.of("repeated", true));
        }
        if (receipt.deliverAt() != null) {
            detail.addAll(List.of("deliverAt", EventHeaders.formatTime(receipt.deliverAt())));
        }
        spans.accepted(address, headers, given, began, null, detail.toArray());
    }

    /** Its producer gets the one or the other. */
    void ended(@Nullable Receipt receipt, @Nullable Throwable failure) {
        if (receipt != null) {
            done(receipt);
        } else if (failure != null) {
            spans.accepted(address, headers, given, began, textOf(failure), "source", source());
        }
    }

    private String source() {
        return Objects.requireNonNullElse(headers.get(EventHeaders.SOURCE), "");
    }

    /** What is said of a failure. */
    static String textOf(Throwable failure) {
        String text = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        if (failure instanceof Refusal refusal) {
            String code = refusal.code().word();
            return text.equals(refusal.code().meaning()) ? code : code + ": " + text;
        }
        return text;
    }

    /** It is on the bus; null for one that is not sampled. */
    static void end(@Nullable Accepted event) {
        if (event != null) {
            event.done();
        }
    }
}
