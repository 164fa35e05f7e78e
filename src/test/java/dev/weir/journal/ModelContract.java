package dev.weir.journal;

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
}
