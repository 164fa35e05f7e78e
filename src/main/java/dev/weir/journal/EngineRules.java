package dev.weir.journal;

import dev.weir.bus.Keep;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every engine is told.
 *
 * @param windowMillis how long a repeat of an event is recognised
 * @param mostIds how many events an engine that has them in memory remembers for that at most
 * @param forgetMillis how long a log that has no events, or no policy that keeps them, is remembered after its last event
 * @param keeps how much is kept of an address now, null when no policy keeps anything of it
 * @param subscriptions those in force with the addresses they are for, whose unsettled events are held; null while that is not known,
 *     then all are
 * @param deadLetters how many dead letters are kept, and how long
 * @param flows those in force with the addresses they read, whose unread events are held; null while that is not known, then all are
 */
public record EngineRules(
        long windowMillis,
        int mostIds,
        long forgetMillis,
        Function<String, @Nullable Keep> keeps,
        Supplier<@Nullable Map<String, Set<String>>> subscriptions,
        Keep deadLetters,
        Supplier<@Nullable Map<String, Set<String>>> flows) {
    private static final Keep FOR_GOOD = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);

    /** Where it is not known which flows there are: what any of them has not read is held. */
    public EngineRules(
            long windowMillis,
            int mostIds,
            long forgetMillis,
            Function<String, @Nullable Keep> keeps,
            Supplier<@Nullable Map<String, Set<String>>> subscriptions,
            Keep deadLetters) {
        this(windowMillis, mostIds, forgetMillis, keeps, subscriptions, deadLetters, () -> null);
    }

    /** Dead letters are kept for good. */
    public EngineRules(
            long windowMillis,
            int mostIds,
            long forgetMillis,
            Function<String, @Nullable Keep> keeps,
            Supplier<@Nullable Map<String, Set<String>>> subscriptions) {
        this(windowMillis, mostIds, forgetMillis, keeps, subscriptions, FOR_GOOD);
    }

    /** Where it is not known which subscriptions there are: what any of them has not settled is held. */
    public EngineRules(long windowMillis, int mostIds, long forgetMillis, Function<String, @Nullable Keep> keeps) {
        this(windowMillis, mostIds, forgetMillis, keeps, () -> null);
    }
}
