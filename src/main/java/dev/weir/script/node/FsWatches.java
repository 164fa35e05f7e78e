package dev.weir.script.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The watches of {@code fs.watch}: each is asked by JavaScript's timer for what the system told. Thread-safe. */
final class FsWatches {
    private final FsPaths paths;
    private final Map<Integer, Watch> open = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    /** @param only the one name that is watched, null for all of the folder */
    private record Watch(WatchService service, @Nullable String only) {}

    FsWatches(FsPaths paths) {
        this.paths = paths;
    }

    int begin(FsCall call) throws FsFailure {
        Path at = paths.follow(call.a());
        try {
            if (!Files.exists(at)) {
                throw new FsFailure("ENOENT");
            }
            boolean folder = Files.isDirectory(at);
            Path parent = folder ? at : at.getParent();
            WatchService service = at.getFileSystem().newWatchService();
            (parent == null ? at : parent)
                    .register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY);
            int id = next.getAndIncrement();
            open.put(id, new Watch(service, folder ? null : String.valueOf(at.getFileName())));
            return id;
        } catch (IOException failure) {
            throw FsFailure.of(failure, null);
        }
    }

    @Nullable
    String changes(int id) {
        Watch watch = open.get(id);
        if (watch == null) {
            return null;
        }
        List<String> told = new ArrayList<>();
        for (WatchKey key = watch.service().poll();
                key != null;
                key = watch.service().poll()) {
            for (WatchEvent<?> event : key.pollEvents()) {
                String name = String.valueOf(event.context());
                if (watch.only() == null || watch.only().equals(name)) {
                    told.add((event.kind() == StandardWatchEventKinds.ENTRY_MODIFY ? "c" : "r") + name);
                }
            }
            key.reset();
        }
        return told.isEmpty() ? null : String.join("\0", told);
    }

    void end(int id) {
        Watch watch = open.remove(id);
        if (watch != null) {
            try {
                watch.service().close();
            } catch (IOException nothingToGiveBack) {
                // The service is closed either way.
                return;
            }
        }
    }

    void close() {
        open.keySet().forEach(this::end);
    }
}
