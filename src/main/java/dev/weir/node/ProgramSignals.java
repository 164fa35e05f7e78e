package dev.weir.node;

import dev.weir.script.ScriptSignals;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The signals of a process that runs a program: taken from the JVM with the first of those who want one, and given back, so that the
 * process ends by it again, with the last. Each action is given once. Thread-safe.
 */
final class ProgramSignals implements ScriptSignals {
    private record Taken(List<Runnable> actions, Runnable giveBack) {}

    private final Map<String, Taken> taken = new ConcurrentHashMap<>();

    @Override
    public @Nullable Runnable take(String name, Runnable action) {
        Taken now = taken.compute(name, (key, before) -> {
            Runnable giveBack = before == null ? Signals.take(name, () -> came(name)) : before.giveBack;
            List<Runnable> others = before == null ? List.of() : before.actions;
            return giveBack == null
                    ? null
                    : new Taken(
                            Stream.concat(others.stream(), Stream.of(action)).toList(), giveBack);
        });
        return now == null ? null : () -> giveBack(name, action);
    }

    private void came(String name) {
        Taken now = taken.get(name);
        if (now != null) {
            now.actions.forEach(Runnable::run);
        }
    }

    private void giveBack(String name, Runnable action) {
        taken.computeIfPresent(name, (key, before) -> {
            List<Runnable> left =
                    before.actions.stream().filter(each -> each != action).toList();
            if (left.isEmpty()) {
                before.giveBack.run();
                return null;
            }
            return new Taken(left, before.giveBack);
        });
    }

    @Override
    public void raise(String name) {
        Signals.raise(name);
    }
}
