package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.bus.Refusal;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the inputs of a lane. Stateless. */
final class LaneInputs {
    private LaneInputs() {}

    /** How the events of an input are kept; null when they are not. */
    static @Nullable Keep keepOf(InputSpec input, FlowServices services) {
        Policy policy = policyOf(input, services);
        return policy == null ? null : policy.keep();
    }

    private static @Nullable Policy policyOf(InputSpec input, FlowServices services) {
        Policies policies = services.authorizer().policies();
        return (Addresses.isPattern(input.name()) ? policies.ofPattern(input.name()) : policies.of(input.name()))
                .orElse(null);
    }

    /** Whether nodes can share a flow: a request reaches one of them only, which must remember what requests of its key did. */
    static boolean isSpread(FlowSpec spec, FlowServices services) {
        boolean keyed = spec.all().stream().anyMatch(stage -> stage.key() != null);
        return spec.isSpread() && !(keyed && spec.from().stream().anyMatch(input -> takesRequests(input, services)));
    }

    private static boolean takesRequests(InputSpec input, FlowServices services) {
        Policy policy = input.isAddress() ? policyOf(input, services) : null;
        return policy != null && policy.isForRequests();
    }

    private static PatternInput.Logs logs(FlowServices services) {
        return new PatternInput.Logs() {
            @Override
            public Future<Set<String>> addresses() {
                FlowJournal journal = services.journal().get();
                return journal == null
                        ? Future.failedFuture(new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing"))
                        : journal.addresses();
            }

            @Override
            public @Nullable Policy policyOf(String address) {
                return services.authorizer().policies().of(address).orElse(null);
            }
        };
    }

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
        Keep keep = keepOf(input, services);
        if (keep != null) {
            Journal journal = services.publisher().journal();
            if (journal == null) {
                throw new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing");
            }
            Function<InputSpec, LaneInput> maker = one -> new LogInput(
                    one,
                    one.name(),
                    keep,
                    journal,
                    services.vertx().eventBus(),
                    timers,
                    intake,
                    partitions.owned().keySet());
            return List.of(
                    Addresses.isPattern(input.name())
                            ? new PatternInput(input, logs(services), timers, intake, maker)
                            : maker.apply(input));
        }
        if (Addresses.isPattern(input.name())) {
            services.publisher().serves(input.name());
        }
        return List.of(new BusInput(input, services.vertx().eventBus(), intake, spec.queue()));
    }
}
