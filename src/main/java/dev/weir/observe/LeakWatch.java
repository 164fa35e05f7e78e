package dev.weir.observe;

import dev.weir.observe.Leak.What;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notices listeners that only become more. It looks every ten seconds; of each minute the <em>floor</em> counts, the fewest that were
 * seen in it, so that what comes and goes does not. A leak is suspected when the floor rose in each of ten successive minutes, or the
 * floor of ten minutes rose in each of five successive tens. It is withdrawn once there are fewer than when it was noticed. Keeps an
 * hour, of at most a thousand names. Owned by one event loop.
 */
final class LeakWatch {
    /** How often {@link #look} is to be called. */
    static final Duration EVERY = Duration.ofSeconds(10);

    private static final int LOOKS_A_MINUTE = 6;
    private static final int HOUR = 60;
    private static final int RISES = 10;
    private static final int TEN = 10;
    private static final int RISES_OF_TEN = 5;
    private static final int MOST_NAMES = 1_000;

    /** What is counted under which name. */
    record Key(What what, String name) {}

    private static final class Series {
        private final ArrayDeque<Integer> floors = new ArrayDeque<>(HOUR);
        private int floor = Integer.MAX_VALUE;
        private int now;
        private @Nullable Leak leak;
    }

    private final Map<Key, Series> all = new LinkedHashMap<>();
    private int looks;

    /**
     * Looks once.
     *
     * @param counts how many there are now; what is not in it has none
     * @return leaks that were not suspected before
     */
    List<Leak> look(Map<Key, Integer> counts, long nowMillis) {
        for (Key key : counts.keySet()) {
            if (all.size() < MOST_NAMES) {
                all.computeIfAbsent(key, first -> new Series());
            }
        }
        all.forEach((key, series) -> count(series, counts.getOrDefault(key, 0)));
        looks++;
        return looks % LOOKS_A_MINUTE == 0 ? minute(nowMillis) : List.of();
    }

    private static void count(Series series, int count) {
        series.now = count;
        series.floor = Math.min(series.floor, count);
        Leak known = series.leak;
        if (known != null) {
            series.leak = count < known.to() ? null : known.now(count);
        }
    }

    private List<Leak> minute(long nowMillis) {
        List<Leak> found = new ArrayList<>();
        all.forEach((key, series) -> {
            if (series.floors.size() == HOUR) {
                series.floors.remove();
            }
            series.floors.add(series.floor);
            series.floor = Integer.MAX_VALUE;
            if (series.leak == null && key.what() != What.TOTAL) {
                Leak leak = judge(key, series, nowMillis);
                if (leak != null) {
                    series.leak = leak;
                    found.add(leak);
                }
            }
        });
        all.values().removeIf(series -> series.floors.stream().allMatch(floor -> floor == 0));
        return found;
    }

    private static @Nullable Leak judge(Key key, Series series, long nowMillis) {
        List<Integer> minutes = List.copyOf(series.floors);
        List<Integer> tens = tens(minutes);
        List<Integer> risen = last(minutes, RISES + 1);
        int over = RISES;
        if (!rises(risen)) {
            risen = last(tens, RISES_OF_TEN + 1);
            over = RISES_OF_TEN * TEN;
        }
        return rises(risen)
                ? new Leak(
                        key.what(), key.name(), risen.get(0), risen.get(risen.size() - 1), series.now, over, nowMillis)
                : null;
    }

    /** The floors of the last whole tens of minutes. */
    private static List<Integer> tens(List<Integer> minutes) {
        List<Integer> tens = new ArrayList<>();
        for (int from = minutes.size() % TEN; from < minutes.size(); from += TEN) {
            tens.add(minutes.subList(from, from + TEN).stream()
                    .min(Comparator.naturalOrder())
                    .orElse(0));
        }
        return tens;
    }

    /** Empty when there are not so many. */
    private static List<Integer> last(List<Integer> of, int many) {
        return of.size() < many ? List.of() : of.subList(of.size() - many, of.size());
    }

    private static boolean rises(List<Integer> floors) {
        for (int i = 1; i < floors.size(); i++) {
            if (floors.get(i) <= floors.get(i - 1)) {
                return false;
            }
        }
        return !floors.isEmpty();
    }

    /** Those that are suspected now. */
    List<Leak> leaks() {
        List<Leak> leaks = new ArrayList<>();
        for (Series each : all.values()) {
            Leak leak = each.leak;
            if (leak != null) {
                leaks.add(leak);
            }
        }
        return leaks;
    }

    /** The floors of the last hour, a minute each, the oldest first, and what is there now. */
    List<Integer> history(What what, String name) {
        Series series = all.get(new Key(what, name));
        if (series == null) {
            return List.of();
        }
        List<Integer> history = new ArrayList<>(series.floors);
        history.add(series.now);
        return history;
    }
}
