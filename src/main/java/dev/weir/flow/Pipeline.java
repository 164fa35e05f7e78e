package dev.weir.flow;

import dev.weir.bus.FlowCommit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps of a flow in a lane, put together from the end to the beginning. Owned by the lane's event loop. */
final class Pipeline {
    private final FlowSpec spec;
    private final Lane lane;
    /** Each behind those that its events come to. */
    private final List<Step> steps = new ArrayList<>();

    private final Receiver head;
    /** How many of the steps, counted from the last one, do not know yet that the inputs ended; 0 while they have not. */
    private int ending;

    private boolean telling;

    Pipeline(FlowSpec spec, Lane lane) {
        this.spec = spec;
        this.lane = lane;
        this.head = chain(spec.stages(), all(spec.to()));
    }

    void accept(FlowEvent event) {
        head.accept(event);
    }

    List<Step> steps() {
        return steps;
    }

    /** The step whose state has this name; null when the flow has no such step any more. */
    private @Nullable Step find(String stateName) {
        return steps.stream()
                .filter(step -> step.spec().stateName().equals(stateName))
                .findFirst()
                .orElse(null);
    }

    /** Takes up what stages remembered. */
    void remember(List<FlowCommit.State> states) {
        for (FlowCommit.State state : states) {
            Step step = find(state.stage());
            if (step != null && state.json() != null) {
                step.restore(state.key(), state.json(), state.dueMillis());
            }
        }
    }

    /** Lets events wait at their steps again, until {@link #begin}; gives those back whose step is there no more. */
    List<FlowCommit.Parked> takeUp(List<FlowCommit.Parked> parked) {
        List<FlowCommit.Parked> homeless = new ArrayList<>(0);
        for (FlowCommit.Parked each : parked) {
            Step step = find(each.stage());
            if (step == null) {
                homeless.add(each);
            } else {
                step.restore(each, FlowEvent.of(Arrival.of(each), each.body()));
            }
        }
        return homeless;
    }

    /** Goes on with what was taken up; the last steps first. */
    void begin() {
        steps.forEach(Step::begin);
    }

    /** The inputs ended: each step hears of it once nothing waits there and before it that could still come. */
    void end() {
        ending = steps.size();
        goOn();
    }

    /** Some events wait no more. */
    void goOn() {
        if (telling) {
            return;
        }
        telling = true;
        while (ending > 0 && steps.subList(ending - 1, steps.size()).stream().noneMatch(Step::isWaiting)) {
            steps.get(--ending).inputEnded();
        }
        telling = false;
    }

    /** Whether some steps are still to hear that the inputs ended. */
    boolean isEnding() {
        return ending > 0;
    }

    void close() {
        ending = 0;
        steps.forEach(Step::close);
    }

    private Receiver chain(List<StageSpec> stages, Receiver end) {
        Receiver next = end;
        for (int i = stages.size() - 1; i >= 0; i--) {
            next = step(stages.get(i), next);
        }
        return next;
    }

    private Step step(StageSpec stage, Receiver next) {
        Map<String, Receiver> outputs = new HashMap<>();
        stage.branches()
                .forEach((name, branch) ->
                        outputs.put(name, chain(branch.stages(), branch.to().isEmpty() ? next : all(branch.to()))));
        ErrorPolicy onError = stage.onError() == null ? spec.onError() : stage.onError();
        Step made = new Step(spec.name(), stage, onError, lane, next, outputs);
        steps.add(made);
        return made;
    }

    /** Every target gets every event. */
    private Receiver all(List<StageSpec> targets) {
        List<Step> made =
                targets.stream().map(target -> step(target, event -> {})).toList();
        if (made.size() == 1) {
            return made.get(0);
        }
        Step[] each = made.toArray(Step[]::new);
        return event -> {
            for (Step target : each) {
                target.accept(event);
            }
        };
    }
}
