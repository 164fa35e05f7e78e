package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Refusal;
import dev.weir.time.Timers;
import java.util.List;

/** Makes the inputs of a lane. Stateless. */
final class LaneInputs {
    private LaneInputs() {}

    static List<LaneInput> make(
            InputSpec input,
            FlowSpec spec,
            FlowServices services,
            Intake intake,
            Timers timers,
            Partitioning partitions) {
        if (!input.isAddress()) {
            return List.of(new SourceInput(input, services, intake, timers, spec.queue(), 0));
        }
        Keep keep = services.publisher().keepOf(input.name());
        if (keep != null) {
            Journal journal = services.publisher().journal();
            if (journal == null) {
                throw new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing");
            }
            return List.of(new LogInput(
                    input,
                    input.name(),
                    keep,
                    journal,
                    services.vertx().eventBus(),
                    timers,
                    intake,
                    partitions.owned().keySet()));
        }
        if (Addresses.isPattern(input.name())) {
            services.publisher().serves(input.name());
        }
        return List.of(new BusInput(input, services.vertx().eventBus(), intake, spec.queue()));
    }
}
