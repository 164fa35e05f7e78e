package dev.weir.flow;

import dev.weir.config.Location;
import dev.weir.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flow as its file declares it, compiled and without problems. Immutable.
 *
 * @param key what it is spread over partitions by; null for the event's key
 * @param from where its events come from
 * @param to where those go that come through all stages
 * @param onError of stages that say nothing themselves
 * @param queue how many events of plain addresses wait at most
 * @param digest of the whole file but its tests
 * @param text the file
 */
record FlowSpec(
        String name,
        @Nullable Expression key,
        List<InputSpec> from,
        List<StageSpec> stages,
        List<StageSpec> to,
        ErrorPolicy onError,
        int queue,
        List<FlowTest> tests,
        String digest,
        String text,
        Location at) {
    private static final String EVENT_KEY = "event.key";

    FlowSpec {
        from = List.copyOf(from);
        stages = List.copyOf(stages);
        to = List.copyOf(to);
        tests = List.copyOf(tests);
    }

    /** All stages and targets, those of branches too, in the order of the file. */
    List<StageSpec> all() {
        List<StageSpec> all = new ArrayList<>();
        collect(stages, all);
        collect(to, all);
        return all;
    }

    private static void collect(List<StageSpec> stages, List<StageSpec> into) {
        for (StageSpec stage : stages) {
            into.add(stage);
            stage.branches().values().forEach(branch -> {
                collect(branch.stages(), into);
                collect(branch.to(), into);
            });
        }
    }

    /** Whether nodes can share it: what it reads reaches all of them, and what it remembers is by its key. */
    boolean isSpread() {
        return together() == null && from.stream().allMatch(InputSpec::isAddress);
    }

    /** The first stage that groups by something else than the flow's key, so that the flow cannot be spread; null when there is none. */
    @Nullable
    StageSpec together() {
        return together(stages, Keeps.EVENT);
    }

    /** @param kept what of the flow's events is surely as it was before the first of these stages */
    private @Nullable StageSpec together(List<StageSpec> following, Keeps kept) {
        Keeps still = kept;
        for (StageSpec stage : following) {
            if (stage.key() != null && !isByOwnKey(stage.key(), still)) {
                return stage;
            }
            still = stage.keeps().compareTo(still) < 0 ? stage.keeps() : still;
            for (StageSpec.Branch branch : stage.branches().values()) {
                StageSpec found = together(branch.stages(), still);
                if (found != null) {
                    return found;
                }
                for (StageSpec each : branch.to().isEmpty() ? branch.stages() : List.<StageSpec>of()) {
                    // What comes through goes on behind the stage.
                    still = each.keeps().compareTo(still) < 0 ? each.keeps() : still;
                }
            }
        }
        return null;
    }

    private static String plain(String text) {
        return text.strip().equals("event.subject") ? EVENT_KEY : text.strip();
    }

    private boolean isByOwnKey(String by, Keeps still) {
        String own = key == null ? EVENT_KEY : plain(key.text());
        return own.equals(plain(by)) && (still == Keeps.EVENT || (still == Keeps.KEY && own.equals(EVENT_KEY)));
    }
}
