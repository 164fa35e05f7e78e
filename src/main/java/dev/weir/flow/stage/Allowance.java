package dev.weir.flow.stage;

import dev.weir.config.Rate;
import dev.weir.flow.StageOptions;
import dev.weir.time.Clock;

/** So many per second, not remembered over a restart: a token bucket of one second's worth. Owned by its lane's event loop. */
final class Allowance {
    private final double perSecond;
    private final double most;
    private final Clock clock;
    private double tokens;
    private long sinceNanos;

    Allowance(double perSecond, Clock clock) {
        this.perSecond = perSecond;
        this.most = Math.max(1, perSecond);
        this.clock = clock;
        this.tokens = most;
        this.sinceNanos = clock.nanos();
    }

    /** Reads an option that is a rate: how many per second. */
    static double rate(StageOptions options, String name) {
        try {
            return Rate.parse(options.text(name)).perSecond();
        } catch (IllegalArgumentException wrong) {
            if (options.has(name)) {
                options.wrong(name, String.valueOf(wrong.getMessage()), "write it like 20/s");
            }
            return 1;
        }
    }

    /** Whether one more may be. */
    boolean take() {
        long now = clock.nanos();
        tokens = Math.min(most, tokens + (now - sinceNanos) / 1e9 * perSecond);
        sinceNanos = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
