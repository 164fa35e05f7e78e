package dev.weir.journal.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.Append;
import dev.weir.journal.Cut;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.EventRow;
import dev.weir.journal.FlowStore;
import dev.weir.journal.ModelRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random sequence of what flows may do to an engine and what may happen to it, compared with the {@link FlowModel} after each step. */
public final class FlowRun {
    private static final int PARTITIONS = 4;
    private static final long HOURS = 100 * 3_600_000L;
    private static final int SHOWN = 12;
    private static final List<String> STAGES = List.of("sum:1", "join:2", "call:3");

    private final ModelRun.Ground ground;
    private final EngineRules rules;
    private final long seed;
    private final Random random;
    private final long now;
    private final String node;
    private final Deque<String> done = new ArrayDeque<>();
    private final Map<String, Map<Integer, Long>> tokens = new HashMap<>();
    private Engine engine;
    private FlowModel model = new FlowModel();
    private List<Cut> last = List.of();
    private int ids;

    /** @param engine an open one on the ground */
    public FlowRun(ModelRun.Ground ground, EngineRules rules, long seed, Engine engine, long now) {
        this.ground = ground;
        this.rules = rules;
        this.seed = seed;
        this.random = new Random(seed);
        this.engine = engine;
        this.now = now;
        this.node = "node" + seed;
    }

    /** Runs it; answers the engine it ends with. */
    public Engine run(int steps) throws Exception {
        for (int step = 0; step < steps; step++) {
            try {
                step();
                model.check(engine, some());
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
            commit(false);
        } else if (dice < 75) {
            commit(true);
        } else if (dice < 80) {
            did("the same once more");
            assertThat(kept(List.of(), last)).doesNotContain(false);
            model = with(model, last);
        } else if (dice < 85) {
            did("reopen");
            engine.close();
            reopen();
        } else if (dice < 92) {
            replay();
        } else if (dice < 96) {
            takeOver();
        } else {
            forget();
        }
    }

    private void reopen() throws Exception {
        engine = ground.create(rules);
        engine.open(now);
    }

    private FlowStore store() {
        return engine.work().orElseThrow().flows();
    }

    private String flow() {
        return "s" + seed + ".flow" + random.nextInt(2);
    }

    private Set<Integer> some() {
        Set<Integer> some = IntStream.range(0, PARTITIONS)
                .filter(each -> random.nextBoolean())
                .boxed()
                .collect(Collectors.toSet());
        return random.nextInt(3) == 0 || some.isEmpty() ? FlowJournalContract.ALL : some;
    }

    /** Claims for all partitions of a test, where the engine has claims. */
    private List<FlowCommit.Claim> claims(String flow) throws Exception {
        if (!engine.isShared()) {
            return List.of();
        }
        if (!tokens.containsKey(flow)) {
            Set<Integer> all = IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());
            tokens.put(flow, store().claim(flow, all, node, HOURS));
        }
        return tokens.get(flow).entrySet().stream()
                .map(each -> new FlowCommit.Claim(each.getKey(), each.getValue()))
                .toList();
    }

    private FlowCommit cut(String flow) throws Exception {
        Cuts cut = Cuts.of(flow).claims(claims(flow));
        for (int i = random.nextInt(3); i > 0; i--) {
            cut.cursor(random.nextInt(PARTITIONS), "in" + i, "e" + random.nextInt(2), random.nextInt(1_000));
        }
        Set<String> keys = new HashSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            int partition = random.nextInt(PARTITIONS);
            String stage = STAGES.get(random.nextInt(3));
            String key = "k" + random.nextInt(5);
            if (keys.add(partition + stage + key)) {
                cut.state(partition, stage, key, random.nextInt(4) == 0 ? null : "" + ++ids, random.nextInt(2));
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            cut.append("s" + seed + ".out" + random.nextInt(2), Cuts.ALL, "e" + ++ids, i == 0 ? null : ids);
        }
        waiting(flow, cut);
        if (random.nextInt(3) == 0) {
            FlowCommit.Place place = random.nextBoolean() ? Cuts.place(ids) : null;
            cut.bury("d" + ++ids, random.nextInt(PARTITIONS), STAGES.get(random.nextInt(3)), place);
        }
        return cut.cut();
    }

    private void waiting(String flow, Cuts cut) {
        Set<String> again = new HashSet<>();
        for (String id : model.parked(flow)) {
            int dice = random.nextInt(4);
            if (dice == 0) {
                cut.unpark(id);
            } else if (dice == 1 && again.add(id)) {
                cut.park(id, model.partition(flow, id), STAGES.get(0), ++ids, null);
            }
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            cut.park("p" + ++ids, random.nextInt(PARTITIONS), STAGES.get(random.nextInt(3)), i, Cuts.place(i));
        }
    }

    private static FlowModel with(FlowModel before, List<Cut> cuts) {
        FlowModel after = before.copy();
        cuts.forEach(each -> after.apply(each.commit()));
        return after;
    }

    private List<Boolean> kept(List<Append> plain, List<Cut> cuts) throws Exception {
        FlowStore.Kept kept = store().keep(plain, cuts, now);
        assertThat(kept.appends()).hasSameSizeAs(plain);
        for (int i = 0; i < cuts.size(); i++) {
            int appends = cuts.get(i).appends().size();
            kept.cuts().get(i).ifPresent(outcomes -> assertThat(outcomes).hasSize(appends));
        }
        return kept.cuts().stream().map(each -> each.isPresent()).toList();
    }

    private void commit(boolean crash) throws Exception {
        List<Cut> cuts = new ArrayList<>();
        List<Cut> good = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            FlowCommit cut = cut(flow());
            boolean stale = engine.isShared() && random.nextInt(4) == 0;
            Cut made = Cut.of(stale ? stale(cut) : cut, engine.isShared());
            cuts.add(made);
            if (!stale) {
                good.add(made);
            }
            // What a flow commits next must know what is parked; the other flow need not wait.
            i = made.commit().parked().isEmpty() && made.commit().unparked().isEmpty() ? i : 0;
        }
        did((crash ? "crash at " : "") + cuts.size() + " cuts, " + good.size() + " of them good");
        String address = "s" + seed + ".out0";
        List<Append> plain = new ArrayList<>();
        FlowModel after = model.copy();
        if (random.nextBoolean()) {
            String id = "e" + ++ids;
            plain.add(new Append(address, Cuts.ALL, List.of(EventRow.of(Cuts.headers(id), id, true))));
            after.append(address, id);
        }
        FlowModel kept = with(after, good);
        if (crash) {
            crash(plain, cuts, kept);
        } else {
            assertThat(kept(plain, cuts))
                    .isEqualTo(cuts.stream().map(good::contains).toList());
            model = kept;
        }
        last = good;
    }

    private static FlowCommit stale(FlowCommit cut) {
        List<FlowCommit.Claim> claims = new ArrayList<>(cut.claims());
        claims.set(
                0, new FlowCommit.Claim(claims.get(0).partition(), claims.get(0).token() - 1));
        return new FlowCommit(
                cut.flow(),
                claims,
                cut.cursors(),
                cut.appends(),
                cut.states(),
                cut.parked(),
                cut.unparked(),
                cut.dead());
    }

    /** All of it must be there afterwards, or nothing; and then once more is the same as once. */
    private void crash(List<Append> plain, List<Cut> cuts, FlowModel kept) throws Exception {
        Engine dying = engine;
        ground.crash(dying, random, () -> dying.work().orElseThrow().flows().keep(plain, cuts, now));
        reopen();
        try {
            kept.check(engine, FlowJournalContract.ALL);
        } catch (AssertionError nothing) {
            model.check(engine, FlowJournalContract.ALL);
        }
        kept(plain, cuts);
        model = kept;
        model.check(engine, FlowJournalContract.ALL);
    }

    private void replay() throws Exception {
        String flow = flow();
        List<String> asked = new ArrayList<>(model.dead(flow));
        asked.removeIf(id -> random.nextInt(3) == 0);
        asked.add("nobody");
        Set<Integer> partitions = some();
        did("replay " + asked);
        FlowJournal.Replay replay = new FlowJournal.Replay(asked, 0, random.nextBoolean(), "other data");
        model.replay(
                flow,
                partitions,
                replay,
                store().replay(flow, Cut.fences(flow, claims(flow)), partitions, replay, now)
                        .orElseThrow());
    }

    /** Another node gets a partition, and gives it back. */
    private void takeOver() throws Exception {
        String flow = flow();
        if (!engine.isShared()) {
            return;
        }
        did("another node for a while");
        List<FlowCommit.Claim> mine = claims(flow);
        store().release(flow, mine.subList(0, 1), node);
        Set<Integer> one = Set.of(mine.get(0).partition());
        Map<Integer, Long> other = store().claim(flow, one, "other", HOURS);
        assertThat(other.keySet()).isEqualTo(one);
        assertThat(store().claim(flow, one, node, HOURS)).isEmpty();
        assertThat(kept(List.of(), List.of(Cut.of(Cuts.of(flow).claims(mine).cut(), true))))
                .containsExactly(false);
        store().release(
                        flow,
                        List.of(new FlowCommit.Claim(
                                mine.get(0).partition(), other.get(mine.get(0).partition()))),
                        "other");
        again(flow);
    }

    /** What was committed before is not to be repeated under claims that are gone. */
    private void again(String flow) {
        tokens.remove(flow);
        last = List.of();
    }

    private void forget() throws Exception {
        String flow = flow();
        if (random.nextBoolean()) {
            Set<String> stages = new HashSet<>(STAGES);
            stages.remove(STAGES.get(random.nextInt(3)));
            did("retain " + stages);
            while (store().retain(flow, stages)) {
                // Until nothing is left of it.
            }
            model.retain(flow, stages);
            last = List.of();
        } else {
            did("forget " + flow);
            while (store().forget(flow)) {
                // Until nothing is left of it.
            }
            model.forget(flow);
            again(flow);
        }
    }
}
