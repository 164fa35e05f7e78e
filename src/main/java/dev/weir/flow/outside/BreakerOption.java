package dev.weir.flow.outside;

import dev.weir.config.Nearest;
import dev.weir.config.RawValue;
import dev.weir.emitter.CircuitBreaker;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOptions;
import dev.weir.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code breaker: {failures: 50%, of: 20, pause: 10s, probes: 3}}. Pure functions. */
public final class BreakerOption {
    private static final String NAME = "breaker";
    private static final List<String> KEYS = List.of("failures", "of", "pause", "probes");
    private static final String EXAMPLE = "write it as in breaker: {failures: 50%, of: 20, pause: 10s, probes: 3}";
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)\\s*%");

    private BreakerOption() {}

    /** The option. */
    public static StageOption option(String whenOpen) {
        return StageOption.optional(
                NAME,
                StageOption.Kind.RAW,
                "A circuit breaker, `{failures: 50%, of: 20, pause: 10s, probes: 3}` (these are the defaults of what is not"
                        + " written): opens when of the last `of` calls the share `failures` failed; " + whenOpen
                        + "; after `pause` lets `probes` calls through, which decide. Each node has its own. Its changes are"
                        + " told on `weir.breaker.FLOW.STAGE`.");
    }

    /** What was written; null when nothing was. */
    public static CircuitBreaker.@Nullable Settings read(StageOptions options) {
        if (!options.has(NAME)) {
            return null;
        }
        Map<String, RawValue> entries = options.entries(NAME);
        entries.keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .forEach(key -> options.wrong(
                        NAME,
                        "unknown key " + key,
                        Nearest.to(key, KEYS)
                                .map(near -> "did you mean " + near + "?")
                                .orElse(EXAMPLE)));
        CircuitBreaker.Settings absent = CircuitBreaker.Settings.DEFAULT;
        return new CircuitBreaker.Settings(
                share(options, entries.get("failures"), absent.failures()),
                count(options, "of", entries.get("of"), absent.of(), 10_000),
                pause(options, entries.get("pause"), absent.pause()),
                count(options, "probes", entries.get("probes"), absent.probes(), 1_000));
    }

    private static double share(StageOptions options, @Nullable RawValue raw, double absent) {
        if (raw == null) {
            return absent;
        }
        Matcher percent = PERCENT.matcher(String.valueOf(raw.value()));
        double share = percent.matches() ? Double.parseDouble(percent.group(1)) / 100 : 0;
        if (share > 0 && share <= 1) {
            return share;
        }
        options.wrong(NAME, "failures: '" + raw.value() + "' is no share", "write it as in failures: 50%");
        return absent;
    }

    private static int count(StageOptions options, String key, @Nullable RawValue raw, int absent, int most) {
        if (raw == null) {
            return absent;
        }
        if (raw.value() instanceof Long number && number >= 1 && number <= most) {
            return number.intValue();
        }
        options.wrong(NAME, key + ": found " + raw.value(), "write a number from 1 to " + most);
        return absent;
    }

    private static Duration pause(StageOptions options, @Nullable RawValue raw, Duration absent) {
        if (raw == null) {
            return absent;
        }
        try {
            Duration pause = Durations.parse(String.valueOf(raw.value()));
            if (pause.toMillis() >= 1) {
                return pause;
            }
            options.wrong(NAME, "pause: " + raw.value() + " is too short", "write at least 1ms");
        } catch (IllegalArgumentException wrong) {
            options.wrong(NAME, "pause: " + wrong.getMessage(), EXAMPLE);
        }
        return absent;
    }
}
