package dev.weir.flow;

import dev.weir.config.Location;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stage or target as a flow declares it, compiled.
 *
 * @param id unique in its flow
 * @param digest of its kind and options; what it remembers belongs to the id and this
 * @param text its options on one line
 * @param passes whether events may go on behind it without a side output
 * @param key what it groups by as it is written, empty for everything together; null when it is not keyed
 * @param onError null for the flow's
 * @param branches its side outputs, by name, in the order of the file
 * @param emits addresses to which it is known to publish
 * @param keeps what of an event is as it was behind it
 * @param lookups addresses of which it wants the newest event of each key
 */
record StageSpec(
        String id,
        StageType type,
        StageType.Factory factory,
        String digest,
        String text,
        boolean passes,
        @Nullable String key,
        @Nullable ErrorPolicy onError,
        Map<String, Branch> branches,
        List<String> emits,
        List<String> lookups,
        Keeps keeps,
        Location at) {
    StageSpec {
        emits = List.copyOf(emits);
        lookups = List.copyOf(lookups);
        branches = Collections.unmodifiableMap(new LinkedHashMap<>(branches));
    }

    /** Under which name its state is kept. */
    String stateName() {
        return id + "@" + digest;
    }

    /**
     * Where a side output leads.
     *
     * @param to where its events end; empty when they go on behind the stage that has the branch
     */
    record Branch(List<StageSpec> stages, List<StageSpec> to, Location at) {
        Branch {
            stages = List.copyOf(stages);
            to = List.copyOf(to);
        }
    }
}
