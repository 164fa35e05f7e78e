package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.expression.ExpressionException;
import java.util.Map;

/** How a version of a flow spreads what is kept of it. Immutable. */
final class FlowLayout implements FlowJournal.Layout {
    private final Partitioning partitions;
    private final boolean spread;

    FlowLayout(FlowSpec spec, boolean spread) {
        this.partitions = new Partitioning(spec, spread, Map.of());
        this.spread = spread;
    }

    @Override
    public String name() {
        return partitions.name();
    }

    @Override
    public boolean isSpread() {
        return spread;
    }

    @Override
    public int ofState(String key) {
        return partitions.of(key);
    }

    @Override
    public int ofEvent(FlowCommit.Parked waiting) {
        FlowEvent event = FlowEvent.of(Arrival.of(waiting), waiting.body());
        try {
            return partitions.of(event);
        } catch (ExpressionException | StageException error) {
            return partitions.of(String.valueOf(event.key()));
        }
    }
}
