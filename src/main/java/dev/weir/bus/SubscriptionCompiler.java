package dev.weir.bus;

import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.config.SubscriptionConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns {@code subscriptions:} into policies, noting every problem. */
final class SubscriptionCompiler {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final Problems problems;
    private final PermissionParser permissions;
    private final Policies policies;

    SubscriptionCompiler(Problems problems, PermissionParser permissions, Policies policies) {
        this.problems = problems;
        this.permissions = permissions;
        this.policies = policies;
    }

    List<SubscriptionPolicy> compile(List<SubscriptionConfig> configs) {
        Map<String, Location> names = new HashMap<>();
        List<SubscriptionPolicy> compiled = new ArrayList<>();
        for (SubscriptionConfig config : configs) {
            Location other = names.putIfAbsent(config.name(), config.at());
            if (other != null) {
                problems.add(
                        config.at(),
                        "subscriptions: '" + config.name() + "' is declared at " + other + " already",
                        "give each its own name");
            } else {
                compiled.add(compile(config));
            }
        }
        return compiled;
    }

    SubscriptionPolicy compile(SubscriptionConfig config) {
        if (!NAME.matcher(config.name()).matches()) {
            problems.add(
                    config.at(),
                    "name: '" + config.name() + "' is no name of a subscription",
                    "use 1 to 64 letters, digits, - and _");
        }
        if (config.from().isEmpty()) {
            problems.add(config.at(), "from is empty", "name the addresses, as in from: [orders]");
        }
        config.from().forEach(address -> checkAddress(config, address));
        if (config.retry().backoff().isEmpty()) {
            problems.add(config.at(), "retry.backoff is empty", "write a pause, as in backoff: [1s, 10s, 1m]");
        }
        Permission consume = permissions.parse("consume", config.consume());
        if (!Permission.variablesOf(consume).isEmpty()) {
            problems.add(
                    config.at(),
                    "consume: self:... names a segment of an address, which a subscription has none of",
                    "use role:X, signed-in, claim:NAME or ask:ADDRESS");
        }
        StartAt start = start(config);
        return new SubscriptionPolicy(
                config.name(),
                config.from().stream().distinct().toList(),
                consume,
                config.ackWait(),
                config.inFlight(),
                new RetryPolicy(config.retry().backoff(), config.retry().attempts()),
                config.order(),
                start,
                Set.copyOf(config.types()),
                config.at());
    }

    private StartAt start(SubscriptionConfig config) {
        StartAt start = StartAt.parse(config.start());
        if (start == null) {
            problems.add(
                    config.at(),
                    "start: '" + config.start() + "' is neither beginning nor end, nor a position or a time",
                    "write a position as EPOCH:OFFSET, a time as 2026-02-28T12:00:00Z");
            return StartAt.BEGINNING;
        }
        if (start.position() != null && config.from().size() > 1) {
            problems.add(
                    config.at(),
                    "start: a position belongs to one log, and from has "
                            + config.from().size() + " addresses",
                    "start at a time, or make a subscription for each address");
        }
        return start;
    }

    private void checkAddress(SubscriptionConfig config, String address) {
        Policy policy = Addresses.isValid(address) ? policies.find(address) : null;
        if (policy == null) {
            problems.add(
                    config.at(),
                    "from: no policy declares '" + address + "'",
                    "add - {match: " + address + ", keep: {events: 10000}, ...} under addresses:");
        } else if (!policy.isJournaled()) {
            problems.add(
                    config.at(),
                    "from: nothing is kept of '" + address + "' (" + policy.at()
                            + "), so nothing could be delivered again",
                    "add keep: {events: 10000} to its policy");
        }
    }
}
