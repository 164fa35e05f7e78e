package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events and keys are a lane's. A flow that is not spread has partition 0 alone. Immutable.
 */
final class Partitioning {
    private final @Nullable Expression key;
    private final boolean spread;
    private final boolean keyed;
    private final Map<Integer, Long> owned;
    private final boolean[] own = new boolean[FlowJournal.PARTITIONS];

    /** @param owned partitions and their tokens */
    Partitioning(FlowSpec spec, boolean spread, Map<Integer, Long> owned) {
        this.key = spec.key();
        this.spread = spread;
        this.keyed = spec.all().stream().anyMatch(stage -> stage.key() != null);
        this.owned = Map.copyOf(owned);
        owned.keySet().forEach(partition -> own[partition] = true);
    }

    /** Says by what events and keys get their partitions; another name, other partitions. */
    String name() {
        if (!spread) {
            return FlowJournal.Layout.WHOLE;
        }
        return key != null ? "key " + key.text() : keyed ? "event.key" : "event.key or event.id";
    }

    Map<Integer, Long> owned() {
        return owned;
    }

    List<FlowCommit.Claim> claims() {
        List<FlowCommit.Claim> claims = new ArrayList<>();
        owned.forEach((partition, token) -> claims.add(new FlowCommit.Claim(partition, token)));
        return claims;
    }

    boolean isOwn(int partition) {
        return own[partition];
    }

    int of(String stateKey) {
        return spread ? Keys.partition(stateKey) : 0;
    }

    /** The partition that handles an event. */
    int of(FlowEvent event) {
        if (!spread) {
            return 0;
        }
        if (key != null) {
            return Keys.partition(Keys.of(key.evaluate(event)));
        }
        String own = event.key();
        if (own == null && !keyed) {
            return Keys.partition(String.valueOf(event.id()));
        }
        // What stages remember of events without a key is where the state key of these is.
        return Keys.partition(Keys.of(own));
    }
}
