package dev.weir.flow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Stages whose luck a test decides: those that fail, that take their time, that make several of one, that count by key. */
final class TrialStages {
    private TrialStages() {}

    /** Fails as often as {@code data.fails} says; asynchronously when {@code data.slow} is true. */
    static final StageType TRIAL = type("trial", StageType.Traits.PLAIN, options -> Trial::new);

    /** Fails, and takes its time, as chance has it; never more often in a row than may be tried. */
    static StageType chance(Random random) {
        return type("chance", StageType.Traits.PLAIN, options -> context -> new Chance(context, random));
    }

    /** Two of each, with {@code data.part}. */
    static final StageType TWO = type(
            "two",
            StageType.Traits.PLAIN,
            options -> context -> event -> {
                for (int part = 0; part < 2; part++) {
                    context.emit(
                            event.withData(((JsonObject) event.data()).copy().put("part", part)));
                }
            });

    /** Counts by key, in {@code data.count}. */
    static final StageType COUNT = type("tally", StageType.Traits.PLAIN, options -> Tally::new);

    private static StageType type(String name, StageType.Traits traits, StageType.Maker maker) {
        return new StageType(name, "A stage of tests.", "None.", null, List.of(), traits, name, maker);
    }

    static JsonObject data(FlowEvent event) {
        return (JsonObject) event.data();
    }

    private static final class Trial implements Stage {
        private final StageContext context;
        private final Map<String, Integer> tried = new HashMap<>();

        Trial(StageContext context) {
            this.context = context;
        }

        @Override
        public void accept(FlowEvent event) {
            boolean fails = tried.merge(String.valueOf(event.id()), 1, Integer::sum)
                    <= data(event).getInteger("fails", 0);
            if (!data(event).getBoolean("slow", false)) {
                finish(event, fails);
                return;
            }
            Hold hold = context.hold(event);
            context.timers().after(Duration.ofMillis(10), () -> {
                if (fails) {
                    hold.fail(new IllegalStateException("no luck"));
                } else {
                    context.emit(event);
                    hold.done();
                }
            });
        }

        private void finish(FlowEvent event, boolean fails) {
            if (fails) {
                throw new IllegalStateException("no luck");
            }
            context.emit(event);
        }
    }

    private static final class Chance implements Stage {
        private final StageContext context;
        private final Random random;

        Chance(StageContext context, Random random) {
            this.context = context;
            this.random = random;
        }

        @Override
        public void accept(FlowEvent event) {
            int kind = random.nextInt(10);
            if (kind == 0) {
                throw new IllegalStateException("no luck");
            }
            if (kind > 3) {
                context.emit(event);
                return;
            }
            Hold hold = context.hold(event);
            boolean fails = random.nextInt(4) == 0;
            if (kind == 1) {
                settle(event, hold, fails);
            } else {
                context.timers().after(Duration.ofMillis(1 + random.nextInt(5)), () -> settle(event, hold, fails));
            }
        }

        private void settle(FlowEvent event, Hold hold, boolean fails) {
            if (!hold.isOpen()) {
                return;
            }
            if (fails) {
                hold.fail(new IllegalStateException("no luck later"));
            } else {
                context.emit(event);
                hold.done();
            }
        }
    }

    private static final class Tally implements Stage {
        private final StageContext context;
        private final KeyedState<Long> counts;

        Tally(StageContext context) {
            this.context = context;
            this.counts = context.state(StateCodec.WHOLE, (key, value) -> {});
        }

        @Override
        public void accept(FlowEvent event) {
            String key = Keys.of(event.key());
            Long before = counts.get(key);
            long count = before == null ? 1 : before + 1;
            counts.put(key, count);
            context.emit(event.withData(data(event).copy().put("count", count)));
        }
    }

    /** What came, as it is compared. */
    static JsonArray row(JsonObject data) {
        return new JsonArray()
                .add(data.getInteger("n"))
                .add(data.getInteger("part"))
                .add(data.getLong("count"));
    }
}
