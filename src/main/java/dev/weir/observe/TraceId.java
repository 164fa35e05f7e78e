package dev.weir.observe;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.Traces.By;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An id that somebody asks for. A whole {@code traceparent} stands for its trace.
 *
 * @param isTrace whether it may be that of a trace
 * @param isOnlyTrace whether it can be nothing else
 */
record TraceId(String text, boolean isTrace, boolean isOnlyTrace) {
    private static final Pattern TRACE = Pattern.compile("[0-9a-fA-F]{32}");
    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

    static TraceId parse(String given) {
        Matcher parent = TRACEPARENT.matcher(given);
        if (parent.matches()) {
            return new TraceId(parent.group(1), true, true);
        }
        return new TraceId(given, TRACE.matcher(given).matches(), false);
    }

    /** @param by one way, null for all that there may be */
    Set<By> ways(@Nullable String by) {
        if (by == null) {
            return isOnlyTrace
                    ? EnumSet.of(By.TRACE)
                    : isTrace ? EnumSet.allOf(By.class) : EnumSet.of(By.EVENT, By.CORRELATION);
        }
        if (by.equals("trace") && !isTrace) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    "the id of a trace has 32 hexadecimal digits; it is the second part of a traceparent");
        }
        try {
            return EnumSet.of(By.valueOf(by.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException unknown) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "by is event, correlation or trace");
        }
    }
}
