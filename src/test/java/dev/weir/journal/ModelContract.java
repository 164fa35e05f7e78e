package dev.weir.journal;

import dev.weir.journal.flow.FlowRun;
import org.junit.jupiter.api.Test;

/** What engines with a store of their own keep to, whatever happens and in whichever order. */
public abstract class ModelContract extends HoldContract {
    private static final long WIDE_WINDOW_MILLIS = 25 * 60_000;

    /** What random sequences do to the store under an engine. */
    protected abstract ModelRun.Ground ground(long seed);

    /** How many random sequences there are, and how long each is. */
    protected abstract int[] rounds();

    /** Random sequences against a model in memory. One is done again with {@code -Dweir.model.seed=N -Dweir.model.rounds=1}. */
    @Test
    void behavesLikeTheModelWhateverHappens() throws Exception {
        EngineRules rules = new EngineRules(WIDE_WINDOW_MILLIS, 100_000, FORGET_MILLIS, keeps::get);
        long seed = Long.getLong("weir.model.seed", 1);
        int rounds = Integer.getInteger("weir.model.rounds", rounds()[0]);
        engine.close();
        for (long last = seed + rounds; seed < last; seed++) {
            ModelRun.Ground ground = ground(seed);
            keeps.clear();
            engine = ground.create(rules);
            engine.open(now);
            ModelRun run = new ModelRun(ground, keeps, rules, seed, engine, now);
            engine = run.run(rounds()[1]);
            engine.close();
            now = run.now();
        }
    }

    /** The same for what flows do; shorter, since each step has many changes. */
    @Test
    void keepsCutsThroughFlowsLikeTheModelWhateverHappens() throws Exception {
        EngineRules rules = new EngineRules(WIDE_WINDOW_MILLIS, 100_000, FORGET_MILLIS, any -> ALL);
        long seed = Long.getLong("weir.model.seed", 1);
        int rounds = Integer.getInteger("weir.model.rounds", (rounds()[0] + 1) / 2);
        engine.close();
        for (long last = seed + rounds; seed < last; seed++) {
            ModelRun.Ground ground = ground(1_000 + seed);
            engine = ground.create(rules);
            engine.open(now);
            engine = new FlowRun(ground, rules, seed, engine, now).run(rounds()[1] / 2);
            engine.close();
        }
    }
}
