package dev.weir.journal;

import dev.weir.bus.Keep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random sequence of everything that may happen to an engine, compared with the {@link EngineModel} after each step. */
public final class ModelRun {
    /** What can be done to the store under an engine. */
    public interface Ground {
        /** Another engine on the same store, not open yet. */
        Engine create(EngineRules rules) throws Exception;

        /** Does something with the engine, which then ends as a process does that is killed, or as power goes, right at that moment. */
        void crash(Engine engine, Random random, Deed last) throws Exception;

        /** What an operator does while no node runs. */
        void trim(String address, long to) throws Exception;

        /** It is so late now. */
        void at(long millis) throws Exception;
    }

    /** Something that may fail. */
    public interface Deed {
        /** Does it. */
        void run() throws Exception;
    }

    /** Apart from each other and from every limit by minutes, whatever the machine takes for the test. */
    private static final long TICK = 17 * 60_000;

    private static final long HOUR = 3_600_000;
    private static final int DAYS_AWAY = 31;
    private static final int LOGS = 3;
    private static final int SHOWN = 12;

    private final Ground ground;
    private final Map<String, Keep> keeps;
    private final EngineRules rules;
    private final long seed;
    private final Random random;
    private final Deque<String> done = new ArrayDeque<>();
    private EngineModel model;
    private Engine engine;
    private long now;
    private int ids;

    ModelRun(Ground ground, Map<String, Keep> keeps, EngineRules rules, long seed, Engine engine, long now) {
        this.ground = ground;
        this.keeps = keeps;
        this.model = new EngineModel(keeps, rules);
        this.rules = rules;
        this.seed = seed;
        this.random = new Random(seed);
        this.engine = engine;
        this.now = now;
    }

    long now() {
        return now;
    }

    /** Runs it; answers the engine it ends with. */
    Engine run(int steps) throws Exception {
        for (int step = 0; step < steps; step++) {
            try {
                step();
                check();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + ", step " + step + ": " + done, e);
            }
        }
        return engine;
    }

    private void did(String what) {
        done.add(what);
        if (done.size() > SHOWN) {
            done.remove();
        }
    }

    private void step() throws Exception {
        int dice = random.nextInt(100);
        if (dice < 60) {
            append(false);
        } else if (dice < 66) {
            append(true);
        } else if (dice < 72) {
            did("reopen");
            engine.close();
            reopen();
        } else if (dice < 77) {
            did("crash");
            ground.crash(engine, random, () -> {});
            reopen();
        } else if (dice < 80) {
            trim();
        } else if (dice < 83) {
            String address = address();
            did("no policy for " + address);
            keeps.remove(address);
        } else if (dice < 91) {
            pass(TICK * (1 + random.nextInt(6)));
        } else if (dice < 93) {
            pass(TICK * 100);
        } else if (dice < 94) {
            pass(TICK * (DAYS_AWAY * 24 * HOUR / TICK));
        } else {
            tidy();
        }
    }

    private String address() {
        return "s" + seed + ".log" + random.nextInt(LOGS);
    }

    private void reopen() throws Exception {
        engine = ground.create(rules);
        engine.open(now);
        model.reopened();
    }

    private void pass(long millis) throws Exception {
        did("wait " + millis / 60_000 + " min");
        now += millis;
        ground.at(now);
        if (random.nextBoolean()) {
            tidy();
        }
    }

    private void tidy() throws Exception {
        did("tidy");
        for (int rounds = 0; rounds < 3; rounds++) {
            while (engine.tidy(now)) {
                // Until nothing waits.
            }
        }
        model.tidied(engine, now);
    }

    private void trim() throws Exception {
        String address = address();
        if (model.head(address) == 0 || model.isLatest(address)) {
            return;
        }
        long to = 1 + random.nextLong(model.head(address));
        did("trim " + address + " to " + to);
        engine.close();
        ground.trim(address, to);
        model.trimmed(address, to);
        reopen();
    }

    private Keep keep() {
        return switch (random.nextInt(5)) {
            case 0 -> Keep.LATEST;
            case 1 -> new Keep(1 + random.nextInt(40), Long.MAX_VALUE, 0);
            case 2 -> new Keep(Long.MAX_VALUE, HOUR * (1 + random.nextInt(3)), 0);
            case 3 -> new Keep(1 + random.nextInt(40), HOUR, 0);
            default -> new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);
        };
    }

    private EngineModel.Kept event(List<String> known) {
        int dice = random.nextInt(10);
        String id = dice == 0 ? null : "e" + ++ids;
        if (dice > 7 && !known.isEmpty()) {
            id = known.get(random.nextInt(known.size()));
        }
        int key = random.nextInt(6);
        String value = random.nextInt(4) == 0 ? null : "" + random.nextInt();
        return new EngineModel.Kept(id, key == 0 ? null : "k" + key, value, 0);
    }

    private void append(boolean crash) throws Exception {
        Map<String, Keep> policies = Map.copyOf(keeps);
        List<Append> appends = new ArrayList<>();
        List<List<EngineModel.Kept>> events = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String address = address();
            Keep keep = keeps.get(address);
            boolean free = appends.stream().noneMatch(each -> each.address().equals(address));
            if (keep == null || (free && random.nextInt(8) == 0)) {
                keep = keep();
                keeps.put(address, keep);
            }
            List<String> known = model.ids(address);
            List<EngineModel.Kept> some = new ArrayList<>();
            for (int n = random.nextInt(8); n > 0; n--) {
                some.add(event(known));
            }
            events.add(some);
            appends.add(new Append(
                    address, keep, some.stream().map(EngineModel.Kept::row).toList()));
        }
        did((crash ? "crash at append " : "append ") + said(appends));
        if (crash) {
            if (!crashAt(appends, events)) {
                keeps.clear();
                keeps.putAll(policies);
            }
        } else {
            model = appended(appends, events, engine.commit(appends, now));
        }
    }

    private static String said(List<Append> appends) {
        StringBuilder said = new StringBuilder();
        for (Append each : appends) {
            said.append(each.rows().size()).append(" to ").append(each.address());
            said.append(
                    each.keep().latest() ? " latest; " : " of " + each.keep().events() + "; ");
        }
        return said.toString();
    }

    private EngineModel appended(List<Append> appends, List<List<EngineModel.Kept>> events, List<Outcome> outcomes) {
        EngineModel after = model.copy();
        for (int i = 0; i < appends.size(); i++) {
            Append each = appends.get(i);
            after.append(each.address(), each.keep(), events.get(i), now, outcomes.get(i));
        }
        return after;
    }

    /** All of it must be there afterwards, or nothing. */
    private boolean crashAt(List<Append> appends, List<List<EngineModel.Kept>> events) throws Exception {
        EngineModel before = model;
        Engine dying = engine;
        ground.crash(dying, random, () -> model = appended(appends, events, dying.commit(appends, now)));
        EngineModel after = model;
        engine = ground.create(rules);
        engine.open(now);
        boolean kept = is(after);
        model = kept ? after : before;
        model.reopened();
        checkAll(model);
        return kept;
    }

    private boolean is(EngineModel candidate) throws Exception {
        try {
            checkAll(candidate.copy());
            return true;
        } catch (AssertionError no) {
            return false;
        }
    }

    private void checkAll(EngineModel candidate) throws Exception {
        for (int log = 0; log < LOGS; log++) {
            candidate.check(engine, "s" + seed + ".log" + log, 0, 1_000);
        }
    }

    private void check() throws Exception {
        String address = address();
        long head = model.head(address);
        model.check(engine, address, head == 0 ? 0 : random.nextLong(head + 1), 1 + random.nextInt(30));
    }
}
