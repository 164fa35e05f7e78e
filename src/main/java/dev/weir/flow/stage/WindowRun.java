package dev.weir.flow.stage;

import dev.weir.event.EventHeaders;
import dev.weir.flow.Arrival;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.KeyedState;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StateCodec;
import dev.weir.time.Durations;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window stage at work. All windows of a key are one entry of the keyed state, changed in place and put again after each event.
 *
 * <p>By processing time an entry's due time is the end of its next window. By the time of events windows are closed by the
 * {@link Watermark}, and an entry's due time is when it is asked whether events have ceased to come.
 */
final class WindowRun implements Stage, KeyedState.Due<WindowKey> {
    private static final String CORRELATION = EventHeaders.PREFIX + "correlationid";

    private final StageContext context;
    private final WindowPlan plan;
    private final KeyedState<WindowKey> state;
    private final Watermark watermark;
    private final List<WindowKey> restored = new ArrayList<>();
    private final @Nullable Object[] values;
    private boolean ended;

    WindowRun(StageContext context, WindowPlan plan) {
        this.context = context;
        this.plan = plan;
        this.values = new @Nullable Object[plan.measures().size()];
        WindowJson json = new WindowJson(plan.measures());
        this.state = context.state(
                new StateCodec<>(json::write, kept -> {
                    WindowKey key = json.read(kept);
                    restored.add(key);
                    return key;
                }),
                this,
                plan.maxKeys());
        this.watermark = new Watermark(plan, state, context.clock().millis());
    }

    /** What was remembered is taken up with the first thing that happens, when all of it is there. */
    private void takeUp() {
        for (WindowKey key : restored) {
            if (state.get(key.key) == key) {
                watermark.takeUp(key);
            }
        }
        restored.clear();
    }

    @Override
    public void accept(FlowEvent event) {
        if (!restored.isEmpty()) {
            takeUp();
        }
        long now = context.clock().millis();
        long time = plan.time().of(event, context.clock());
        if (time - now > plan.aheadMillis() && plan.time().isEvents()) {
            throw ahead();
        }
        @Nullable Object[] by = plan.group().values(event);
        String name = WindowGroup.key(by);
        WindowKey known = state.get(name);
        WindowPane found = known == null ? null : plan.shape().find(known, time);
        long before = watermark.millis();
        if (found == null && plan.shape().isOver(time, before)) {
            watermark.heard(now);
            context.count(WindowStage.LATE, 1);
            context.emit(WindowStage.LATE, event);
            return;
        }
        plan.measures().evaluate(event, values);
        WindowPane pane = found == null ? plan.shape().open(time, plan.measures()::none) : found;
        plan.measures().check(pane.aggregates, values);
        WindowKey key = known == null ? new WindowKey(name, WindowGroup.kept(by)) : known;
        for (int i = 0; i < values.length; i++) {
            pane.aggregates[i].add(values[i], time);
        }
        plan.shape().added(key, pane, time, before);
        remember(key, event, now);
        watermark.heard(now);
        boolean later = watermark.reach(key, time);
        put(key, now);
        if (later) {
            closeOver(now);
        }
    }

    /** Always the same, since there may be many of them. */
    private StageException ahead() {
        context.count("ahead", 1);
        return new StageException("its time is more than " + Durations.format(Duration.ofMillis(plan.aheadMillis()))
                + " ahead of the clock; mend the clock of who sends it, or allow more with ahead"
                + (context.rehearsal() == null ? "" : "; the clock of a test begins as begin says"));
    }

    private void remember(WindowKey key, FlowEvent event, long now) {
        Arrival arrival = event.arrival();
        key.input = arrival.input();
        key.partition = arrival.partition();
        key.cause = event.id();
        key.correlation = arrival.headers().get(CORRELATION);
        if (plan.updateMillis() > 0 && key.updateAt == 0) {
            key.updateAt = now + plan.updateMillis();
        }
    }

    /** Closes all windows that the watermark has passed. */
    private void closeOver(long now) {
        for (WindowKey key = watermark.nextOver(); key != null; key = watermark.nextOver()) {
            close(key, watermark.millis());
            settle(key, now);
        }
    }

    @Override
    public void inputEnded() {
        takeUp();
        WindowKey[] last = new WindowKey[1];
        state.forEach((name, key) -> {
            if (!key.panes.isEmpty()
                    && (last[0] == null
                            || plan.shape().lastEnd(key) > plan.shape().lastEnd(last[0]))) {
                last[0] = key;
            }
        });
        if (last[0] != null && plan.time().isEvents()) {
            watermark.end(last[0], plan.shape().lastEnd(last[0]));
            ended = true;
            closeOver(context.clock().millis());
            ended = false;
        }
    }

    private void close(WindowKey key, long upTo) {
        plan.shape().close(key, upTo, plan.measures()::none, pane -> emit(key, pane, true));
        if (key.panes.isEmpty()) {
            key.updateAt = 0;
        }
    }

    @Override
    public void due(String name, WindowKey key) {
        takeUp();
        long now = context.clock().millis();
        key.due = 0;
        if (!plan.time().isEvents()) {
            close(key, now);
        } else if (watermark.goOn(key, now)) {
            closeOver(now);
        }
        if (key.updateAt != 0 && key.updateAt <= now) {
            key.updateAt = 0;
            key.panes.forEach(pane -> emit(key, pane, false));
        }
        settle(key, now);
    }

    /** Forgets a key without open windows, unless time depends on it. */
    private void settle(WindowKey key, long now) {
        if (!key.panes.isEmpty()) {
            put(key, now);
        } else if (watermark.isLedBy(key)) {
            state.put(key.key, key);
        } else {
            state.remove(key.key);
        }
    }

    private void put(WindowKey key, long now) {
        long wanted = plan.time().isEvents() ? watermark.askAt(key, now) : key.next;
        if (key.updateAt != 0) {
            wanted = Math.min(wanted, key.updateAt);
        }
        if (key.due == 0 || wanted < key.due) {
            key.due = wanted;
        }
        watermark.list(key);
        state.put(key.key, key, key.due);
    }

    @Override
    public void evicted(String name, WindowKey key) {
        key.panes.forEach(pane -> emit(key, pane, false));
    }

    private void emit(WindowKey key, WindowPane pane, boolean isFinal) {
        String end = EventHeaders.formatTime(Instant.ofEpochMilli(pane.end));
        // A result that is given before its window is over by any clock is not from the future.
        boolean isEarly = (ended || !isFinal) && pane.end > context.clock().millis();
        String time = isEarly ? EventHeaders.formatTime(context.clock().now()) : end;
        JsonObject data = new JsonObject();
        for (int i = 0; i < key.by.length; i++) {
            data.put(plan.group().names().get(i), key.by[i]);
        }
        data.put(WindowStage.START, EventHeaders.formatTime(Instant.ofEpochMilli(pane.start)))
                .put(WindowStage.END, end);
        if (!isFinal || plan.updateMillis() > 0) {
            data.put(WindowStage.FINAL, isFinal);
        }
        int uncomputable = plan.measures().put(pane.aggregates, data);
        if (uncomputable > 0) {
            context.count("uncomputable", uncomputable);
        }
        FlowEvent result = FlowEvent.of(new Arrival(key.input, headers(key, time), null, key.partition), data)
                .withType(plan.type());
        context.emit(key.by.length == 0 ? result : result.withKey(key.key));
    }

    private static MultiMap headers(WindowKey key, String time) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(EventHeaders.TIME, time);
        if (key.cause != null) {
            headers.set(EventHeaders.ID, key.cause);
        }
        return key.correlation == null ? headers : headers.set(CORRELATION, key.correlation);
    }
}
