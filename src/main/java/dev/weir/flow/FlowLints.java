package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.config.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is wrong with flows beyond each file: addresses that no policy declares, events that go round for ever. Pure functions. */
final class FlowLints {
    private FlowLints() {}

    static void check(List<FlowSpec> flows, Policies policies, Problems problems) {
        for (FlowSpec flow : flows) {
            flow.from().stream().filter(InputSpec::isAddress).forEach(input -> checkInput(input, policies, problems));
            flow.all().forEach(stage -> {
                checkTargets(stage, policies, problems);
                checkLookups(stage, policies, problems);
            });
        }
        checkCycles(flows, problems);
    }

    private static void checkInput(InputSpec input, Policies policies, Problems problems) {
        String name = input.name();
        if (Addresses.isSystem(name)) {
            return;
        }
        Optional<Policy> policy = Addresses.isPattern(name)
                ? policies.all().stream()
                        .filter(one -> !one.match().isLiteral()
                                && one.match().subscription().equals(name))
                        .findFirst()
                : policies.of(name);
        if (policy.isEmpty()) {
            problems.add(
                    input.at(),
                    "from: no policy declares '" + name + "'",
                    Addresses.isPattern(name)
                            ? "a pattern is a policy's match with * in place of each {name}"
                            : "add - {match: " + name + ", publish: ...} under addresses:");
        }
    }

    private static void checkTargets(StageSpec stage, Policies policies, Problems problems) {
        for (String address : stage.emits()) {
            if (Addresses.isSystem(address)) {
                problems.add(stage.at(), "only Weir itself emits to " + address, "emit to an address of your own");
            } else if (policies.of(address).isEmpty()) {
                problems.add(
                        stage.at(),
                        "to: no policy declares '" + address + "'",
                        "add - {match: " + address + ", subscribe: ...} under addresses:");
            }
        }
    }

    private static void checkLookups(StageSpec stage, Policies policies, Problems problems) {
        for (String address : stage.lookups()) {
            Optional<Policy> policy = policies.of(address);
            Keep keep = policy.isEmpty() ? null : policy.get().keep();
            if (keep == null || !keep.latest()) {
                problems.add(
                        stage.at(),
                        stage.type().name() + ".from: " + address + " does not keep the newest event of each key",
                        policy.isEmpty()
                                ? "add - {match: " + address + ", keep: latest, ...} under addresses:"
                                : "add keep: latest to the policy of " + address);
            }
        }
    }

    /** Events that come back to where they came from would go round, more and more of them. */
    private static void checkCycles(List<FlowSpec> flows, Problems problems) {
        Map<String, List<FlowSpec>> readers = new HashMap<>();
        for (FlowSpec flow : flows) {
            flow.from().stream().filter(InputSpec::isAddress).forEach(input -> readers.computeIfAbsent(
                            input.name(), first -> new ArrayList<>())
                    .add(flow));
        }
        for (FlowSpec flow : flows) {
            Set<String> path = new LinkedHashSet<>();
            path.add(flow.name());
            if (reaches(flow, flow, readers, path)) {
                problems.add(
                        flow.at(),
                        "events go round: " + String.join(" -> ", path) + " -> " + flow.name(),
                        "emit to an address that none of them reads");
            }
        }
    }

    private static boolean reaches(
            FlowSpec from, FlowSpec wanted, Map<String, List<FlowSpec>> readers, Set<String> path) {
        for (StageSpec stage : from.all()) {
            for (String address : stage.emits()) {
                for (FlowSpec next : readers.getOrDefault(address, List.of())) {
                    if (next.name().equals(wanted.name())) {
                        return true;
                    }
                    if (path.add(next.name())) {
                        if (reaches(next, wanted, readers, path)) {
                            return true;
                        }
                        path.remove(next.name());
                    }
                }
            }
        }
        return false;
    }
}
