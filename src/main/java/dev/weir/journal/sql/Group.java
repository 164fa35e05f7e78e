package dev.weir.journal.sql;

import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.FlowStore;
import dev.weir.journal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one transaction keeps: appends, and the cuts of which every fence is in force. */
final class Group {
    /** Those of the cuts behind those of producers. */
    final List<Append> appends;

    /** Those that are kept. */
    final List<Cut> cuts = new ArrayList<>();

    private final int alone;
    private final List<Cut> asked;
    private final boolean[] inForce;

    /** @param inForce for each cut whether it is kept */
    Group(List<Append> alone, List<Cut> asked, boolean[] inForce) {
        this.alone = alone.size();
        this.asked = asked;
        this.inForce = inForce;
        this.appends = asked.isEmpty() ? alone : new ArrayList<>(alone);
        for (int i = 0; i < inForce.length; i++) {
            if (inForce[i]) {
                cuts.add(asked.get(i));
                appends.addAll(asked.get(i).appends());
            }
        }
    }

    /** Appends with no cut. */
    static Group of(List<Append> appends) {
        return new Group(appends, List.of(), new boolean[0]);
    }

    /** @param outcomes of all appends, in their order */
    FlowStore.Kept kept(List<Outcome> outcomes) {
        if (asked.isEmpty()) {
            return FlowStore.Kept.of(outcomes);
        }
        List<Optional<List<Outcome>>> kept = new ArrayList<>(asked.size());
        int next = alone;
        for (int i = 0; i < inForce.length; i++) {
            int end = inForce[i] ? next + asked.get(i).appends().size() : next;
            kept.add(inForce[i] ? Optional.of(List.copyOf(outcomes.subList(next, end))) : Optional.empty());
            next = end;
        }
        return new FlowStore.Kept(outcomes.subList(0, alone), kept);
    }
}
