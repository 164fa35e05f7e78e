package dev.weir.bus;

import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.SubscriptionConfig;
import dev.weir.config.SubscriptionReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions in force on a node: those of the configuration and, beside them, those that operators made over HTTP, which the
 * journal keeps. Where both have a name, the configuration's counts. Thread-safe.
 */
public final class Subscriptions {
    /**
     * A subscription that was made over HTTP.
     *
     * @param spec a JSON object with the keys of the configuration, {@code name} among them
     * @param policy what it says; null when it is not understood
     * @param problems what is wrong with it now; empty when it was made
     */
    public record Made(String name, String spec, @Nullable SubscriptionPolicy policy, List<Problem> problems) {
        /** Copies what it is given. */
        public Made {
            problems = List.copyOf(problems);
        }
    }

    private record Known(Policies policies, Map<String, Made> made, Map<String, Set<String>> reads) {}

    private static final Set<String> EVERYTHING = Set.of("**");
    private static final Location HTTP = new Location("made over HTTP", 0);

    private final Supplier<Policies> policies;
    private final AtomicReference<@Nullable Map<String, Made>> made = new AtomicReference<>();
    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

    Subscriptions(Supplier<Policies> policies) {
        this.policies = policies;
    }

    /** All by name. */
    public Map<String, SubscriptionPolicy> all() {
        Map<String, SubscriptionPolicy> all = new HashMap<>();
        for (Made each : made().values()) {
            if (each.policy() != null) {
                all.put(each.name(), each.policy());
            }
        }
        all.putAll(policies.get().subscriptions());
        return all;
    }

    /** The one with this name, null when there is none. */
    public @Nullable SubscriptionPolicy find(String name) {
        SubscriptionPolicy configured = policies.get().subscriptions().get(name);
        Made other = made().get(name);
        return configured != null || other == null ? configured : other.policy();
    }

    /** Those that were made over HTTP, by name. */
    public Map<String, Made> made() {
        Map<String, Made> now = made.get();
        return now == null ? Map.of() : now;
    }

    /**
     * Which addresses each is for, by its name; null until it is known which were made over HTTP. One that is not understood now is for
     * whatever it stands at. To be asked often.
     */
    public @Nullable Map<String, Set<String>> reads() {
        Policies declared = policies.get();
        Map<String, Made> others = made.get();
        if (others == null) {
            return null;
        }
        Known last = known.get();
        if (last == null || last.policies() != declared || last.made() != others) {
            Map<String, Set<String>> reads = new HashMap<>();
            others.values()
                    .forEach(each -> reads.put(
                            each.name(),
                            each.policy() == null
                                    ? EVERYTHING
                                    : Set.copyOf(each.policy().from())));
            declared.subscriptions().values().forEach(each -> reads.put(each.name(), Set.copyOf(each.from())));
            last = new Known(declared, others, Map.copyOf(reads));
            known.set(last);
        }
        return last.reads();
    }

    /** Replaces all that were made over HTTP; each is looked at by the policies in force. */
    public void use(Map<String, String> specs) {
        made.set(specs.entrySet().stream()
                .map(each -> read(each.getKey(), each.getValue()))
                .collect(Collectors.toUnmodifiableMap(Made::name, each -> each)));
    }

    /** What a subscription would be, and all that is wrong with it by the policies in force. Changes nothing. */
    public Made read(String name, String spec) {
        Problems problems = new Problems();
        SubscriptionConfig config = SubscriptionReader.read(spec, problems);
        SubscriptionPolicy policy = config == null
                ? null
                : new SubscriptionCompiler(problems, new PermissionParser(problems), policies.get()).compile(config);
        return new Made(name, spec, policy == null ? null : policy.at(HTTP), problems.list());
    }
}
