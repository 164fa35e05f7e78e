package dev.weir.flow;

import dev.weir.time.Timers;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tables that a lane's stages look things up in, one per address. Owned by the lane's event loop. */
final class Tables {
    private final FlowServices services;
    private final FlowRun run;
    private final Map<String, TableInput> inputs = new LinkedHashMap<>(2);

    Tables(FlowServices services, FlowRun run) {
        this.services = services;
        this.run = run;
    }

    Lookup of(String address) {
        return inputs.computeIfAbsent(address, first -> new TableInput(address, services, run))
                .table();
    }

    Future<Void> start(Timers timers) {
        return Future.all(inputs.values().stream()
                        .map(input -> input.start(timers))
                        .toList())
                .mapEmpty();
    }

    void close() {
        inputs.values().forEach(TableInput::close);
    }
}
