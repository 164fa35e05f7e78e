package dev.weir.script;

import dev.weir.time.Timers;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Says when one of a script's files changes. Looks at their times and sizes twice a second, on a worker: files are few, and
 * this works on every file system. Owned by the verticle's loop.
 */
final class ChangeWatch {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Consumer<Path> changed;
    private final Timers.Timer timer;
    private Map<Path, String> seen = Map.of();
    private boolean looking;

    ChangeWatch(Vertx vertx, Timers timers, Consumer<Path> changed) {
        this.vertx = vertx;
        this.changed = changed;
        this.timer = timers.every(EVERY, this::look);
    }

    /** Watches these files from now on, as they are now. */
    void files(List<Path> files) {
        seen = states(files);
    }

    void close() {
        timer.cancel();
        seen = Map.of();
    }

    private void look() {
        Map<Path, String> before = seen;
        if (looking || before.isEmpty()) {
            return;
        }
        looking = true;
        vertx.executeBlocking(() -> states(List.copyOf(before.keySet())), false)
                .onSuccess(now -> compare(before, now))
                .onComplete(looked -> looking = false);
    }

    private void compare(Map<Path, String> before, Map<Path, String> now) {
        Optional<Path> other = now.entrySet().stream()
                .filter(each -> !each.getValue().equals(before.get(each.getKey())))
                .map(Map.Entry::getKey)
                .findFirst();
        if (before.equals(seen) && other.isPresent()) {
            seen = now;
            changed.accept(other.get());
        }
    }

    private static Map<Path, String> states(List<Path> files) {
        Map<Path, String> states = new HashMap<>();
        files.forEach(file -> states.put(file, state(file)));
        return states;
    }

    private static String state(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException gone) {
            return "gone";
        }
    }
}
