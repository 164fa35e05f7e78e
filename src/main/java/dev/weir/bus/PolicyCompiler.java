package dev.weir.bus;

import dev.weir.config.AddressConfig;
import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.config.WeirConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code addresses:} into {@link Policies}, noting every problem. Reads schema files, so it runs at start and on
 * reload, never on an event loop.
 */
public final class PolicyCompiler {
    static final Location BUILT_IN = new Location("(built in)", 0);

    /** What operators did is kept wherever a journal is open anyhow; it opens none by itself. */
    private static final Keep AUDIT_KEPT = new Keep(10_000, 90L * 86_400_000, 0);

    private final Path home;
    private final Problems problems;
    private final PermissionParser permissions;
    private final KeepParser keeps;

    /**
     * @param home what relative schema files are resolved against
     * @param problems where problems go; the result is usable only when none were added
     */
    public PolicyCompiler(Path home, Problems problems) {
        this.home = home;
        this.problems = problems;
        this.permissions = new PermissionParser(problems);
        this.keeps = new KeepParser(problems);
    }

    /** Compiles all policies and adds the built-in ones for system events. */
    public Policies compile(WeirConfig config) {
        List<Policy> policies = policies(config.addresses());
        Policies known = new Policies(policies, List.of(), "");
        return new Policies(
                policies,
                new SubscriptionCompiler(problems, permissions, known).compile(config.subscriptions()),
                digestInput(config));
    }

    private List<Policy> policies(List<AddressConfig> configs) {
        Map<AddressPattern, Policy> byShape = new HashMap<>();
        List<Policy> policies = new ArrayList<>();
        for (AddressConfig config : configs) {
            parse(config).map(match -> policy(config, match)).ifPresent(policy -> {
                Policy tied = byShape.putIfAbsent(policy.match(), policy);
                if (tied != null) {
                    tie(policy, tied);
                } else {
                    policies.add(policy);
                }
            });
        }
        boolean keeps = policies.stream().anyMatch(policy -> policy.keep() != null);
        AddressPattern system = AddressPattern.parse(Addresses.SYSTEM_PREFIX + "**");
        AddressPattern taps = AddressPattern.parse(Addresses.TAP_PREFIX + "{tap}");
        Stream.concat(Stream.of(system, taps), Report.patterns().map(AddressPattern::parse))
                .filter(each -> !byShape.containsKey(each))
                .forEach(each -> policies.add(systemPolicy(each, null)));
        AddressPattern audit = AddressPattern.parse(Addresses.AUDIT);
        if (keeps && !byShape.containsKey(audit) && !byShape.containsKey(system)) {
            policies.add(systemPolicy(audit, AUDIT_KEPT));
        }
        return policies;
    }

    private Optional<AddressPattern> parse(AddressConfig config) {
        if (config.match().startsWith(Addresses.INTERNAL_PREFIX)) {
            problems.add(
                    config.at(), "match: '" + config.match() + "' names internal addresses", "choose another name");
            return Optional.empty();
        }
        if (config.match().startsWith(Addresses.TAP_PREFIX)) {
            problems.add(
                    config.at(),
                    "match: '" + config.match() + "' is where taps show any event, for operators and viewers only",
                    "remove it");
            return Optional.empty();
        }
        try {
            return Optional.of(AddressPattern.parse(config.match()));
        } catch (IllegalArgumentException e) {
            problems.add(config.at(), "match: " + e.getMessage(), "write it like chat.{room} or sensors.**");
            return Optional.empty();
        }
    }

    private Policy policy(AddressConfig config, AddressPattern match) {
        checkKind(config);
        Permission publish = permission("publish", config.publish(), match);
        Permission request = config.request() == null ? null : permission("request", config.request(), match);
        if (Addresses.isSystem(config.match()) && config.publish() != null) {
            problems.add(
                    config.at(), "publish: only Weir publishes on " + config.match(), "remove publish, keep subscribe");
        }
        return new Policy(
                match,
                publish,
                permission("subscribe", config.subscribe(), match),
                request,
                permission("respond", config.respond(), match),
                config.rate(),
                config.maxSize().bytes(),
                config.maxAddresses(),
                config.slow(),
                keeps.parse(config.keep()),
                permission("history", config.history(), match),
                permission("presence", config.presence(), match),
                Schemas.load(config.schema(), home, problems),
                config.at());
    }

    private void checkKind(AddressConfig config) {
        boolean forRequests = config.request() != null || config.respond() != null;
        if (forRequests && (config.publish() != null || config.subscribe() != null)) {
            problems.add(
                    config.at(),
                    "'" + config.match() + "' has both request and publish or subscribe",
                    "an address is for events or for requests; use two addresses");
        }
        checkKept(config, forRequests);
        if (forRequests && config.presence() != null) {
            problems.add(
                    config.at(),
                    "presence: nobody listens to events on '" + config.match() + "', so nobody is there",
                    "remove presence or request");
        }
        if (config.respond() != null && config.request() == null) {
            problems.add(config.at(), "respond: nobody may send requests to '" + config.match() + "'", "add request:");
        }
    }

    private void checkKept(AddressConfig config, boolean forRequests) {
        if (config.keep() == null) {
            if (config.history() != null) {
                problems.add(
                        config.at(),
                        "history: nothing is kept of '" + config.match() + "'",
                        "add keep: {events: 1000}, or remove history");
            }
            return;
        }
        if (forRequests) {
            problems.add(
                    config.at(), "keep: requests to '" + config.match() + "' are not kept", "remove keep or request");
        }
        if (config.slow() != AddressConfig.Slow.DISCONNECT) {
            problems.add(
                    config.at(),
                    "slow: a session on a journaled address is always disconnected, and resumes without a loss",
                    "remove slow, or keep");
        }
    }

    private Permission permission(String key, @Nullable RawValue raw, AddressPattern match) {
        Permission permission = permissions.parse(key, raw);
        Set<String> known = Set.copyOf(match.variables());
        for (String variable : Permission.variablesOf(permission)) {
            if (!known.contains(variable)) {
                problems.add(
                        raw == null ? Location.NONE : raw.at(),
                        key + ": 'self:" + variable + "' names no variable of '" + match + "'",
                        known.isEmpty() ? "write the segment as {" + variable + "} in match" : "use one of " + known);
            }
        }
        return permission;
    }

    private void tie(Policy policy, Policy tied) {
        problems.add(
                policy.at(),
                "match: '" + policy.match() + "' matches the same addresses as '" + tied.match() + "' at " + tied.at(),
                "merge the two or make one more specific");
    }

    private static Policy systemPolicy(AddressPattern match, @Nullable Keep keep) {
        Permission overseers = new Permission.AnyOf(
                List.of(new Permission.Role(Principal.OPERATOR), new Permission.Role(Principal.VIEWER)));
        return new Policy(
                match,
                Permission.NOBODY,
                overseers,
                null,
                Permission.NOBODY,
                null,
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                AddressConfig.Slow.DISCONNECT,
                keep,
                keep == null ? Permission.NOBODY : overseers,
                Permission.NOBODY,
                Schemas.NONE,
                BUILT_IN);
    }

    private static String digestInput(WeirConfig config) {
        return Stream.concat(config.addresses().stream(), config.subscriptions().stream())
                .map(PolicyCompiler::withoutPlaces)
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** Where a policy was written does not matter to whether nodes agree. */
    private static String withoutPlaces(Record config) {
        return config.toString().replaceAll("Location\\[[^\\]]*\\]", "").replaceAll("(at=)[^,\\]]*", "$1");
    }
}
