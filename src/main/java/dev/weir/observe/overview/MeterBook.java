package dev.weir.observe.overview;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Finds some of the node's meters by name, so that what {@code /metrics} shows is not counted twice. Follows meters that come and
 * go. Thread-safe.
 */
final class MeterBook {
    private final Map<String, Map<Meter.Id, Meter>> meters = new ConcurrentHashMap<>();

    /** @param names all that will be asked for */
    MeterBook(MeterRegistry registry, Set<String> names) {
        names.forEach(name -> meters.put(name, new ConcurrentHashMap<>()));
        registry.config().onMeterAdded(this::added).onMeterRemoved(this::removed);
        registry.getMeters().forEach(this::added);
    }

    private void added(Meter meter) {
        Map<Meter.Id, Meter> same = meters.get(meter.getId().getName());
        if (same != null) {
            same.put(meter.getId(), meter);
        }
    }

    private void removed(Meter meter) {
        Map<Meter.Id, Meter> same = meters.get(meter.getId().getName());
        if (same != null) {
            same.remove(meter.getId());
        }
    }

    /** All meters of a name, whatever their tags. */
    Collection<Meter> all(String name) {
        return meters.getOrDefault(name, Map.of()).values();
    }

    /** The sum over all meters of a name; NaN when there is none. */
    double sum(String name) {
        return all(name).stream()
                .mapToDouble(MeterBook::value)
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }

    /** How much was timed. */
    double timed(String name) {
        return all(name).stream()
                .mapToDouble(meter -> meter instanceof FunctionTimer timer ? timer.count() : 0)
                .sum();
    }

    /** How long all that took, in milliseconds. */
    double timedMillis(String name) {
        return all(name).stream()
                .mapToDouble(meter -> meter instanceof FunctionTimer timer ? timer.totalTime(TimeUnit.MILLISECONDS) : 0)
                .sum();
    }

    /** What a gauge or a counter shows now. */
    static double value(Meter meter) {
        if (meter instanceof Gauge gauge) {
            return gauge.value();
        }
        return meter instanceof FunctionCounter counter ? counter.count() : 0;
    }
}
