package dev.weir.observe;

import dev.weir.bus.Keep;
import dev.weir.bus.Permission;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.time.Durations;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says in words what a policy lets whom do, for those who look after a node. Stateless. */
final class PolicyWords {
    private static final List<Action> OF_EVENTS = List.of(Action.PUBLISH, Action.SUBSCRIBE);
    private static final List<Action> OF_REQUESTS = List.of(Action.REQUEST, Action.RESPOND);

    private PolicyWords() {}

    /** A policy, as reports have it. */
    static JsonObject describe(Policy policy) {
        JsonArray rules = new JsonArray();
        for (Action action : policy.isForRequests() ? OF_REQUESTS : OF_EVENTS) {
            rules.add(rule(policy, action));
        }
        if (policy.isJournaled()) {
            rules.add(rule(policy, Action.HISTORY));
        }
        if (!policy.isForRequests()) {
            rules.add(rule(policy, Action.PRESENCE));
        }
        JsonObject said = new JsonObject()
                .put("match", policy.match().toString())
                .put("subscription", policy.match().subscription())
                .put("at", policy.at().toString())
                .put("kind", policy.isForRequests() ? "requests" : "events")
                .put("rules", rules)
                .put("slow", policy.slow().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (policy.maxSizeBytes() < Long.MAX_VALUE) {
            said.put("maxSize", policy.maxSizeBytes());
        }
        if (policy.rate() != null) {
            said.put(
                    "rate",
                    policy.rate().client() + " for each client, "
                            + policy.rate().burst() + " at once");
        }
        if (policy.keep() != null) {
            said.put("keep", words(policy.keep()));
        }
        return said;
    }

    private static JsonObject rule(Policy policy, Action action) {
        Permission permission = policy.permission(action);
        return new JsonObject()
                .put("action", action.name().toLowerCase(Locale.ROOT))
                .put("who", words(permission))
                .put("needs", need(permission).name().toLowerCase(Locale.ROOT));
    }

    /** What is kept. */
    static String words(Keep keep) {
        if (keep.latest()) {
            return "the newest event of each subject";
        }
        String events = keep.events() == Long.MAX_VALUE ? "" : "the newest " + keep.events() + " events";
        String age = keep.ageMillis() == Long.MAX_VALUE
                ? ""
                : (events.isEmpty() ? "events" : "") + " for " + Durations.format(Duration.ofMillis(keep.ageMillis()));
        return events.isEmpty() && age.isEmpty() ? "all events" : (events + age).strip();
    }

    /** Who may. */
    static String words(Permission permission) {
        if (permission instanceof Permission.Anyone) {
            return "anyone, without a token";
        } else if (permission instanceof Permission.SignedIn) {
            return "whoever is signed in";
        } else if (permission instanceof Permission.Role role) {
            return "whoever has the role " + role.name();
        } else if (permission instanceof Permission.Self self) {
            return "whoever is called (sub) as the segment {" + self.variable() + "} of the address";
        } else if (permission instanceof Permission.Claim claim) {
            return "whoever has a token whose claim " + claim.name() + " names the address";
        } else if (permission instanceof Permission.Ask ask) {
            return "whoever the listener on " + ask.address() + " allows";
        } else if (permission instanceof Permission.AnyOf any) {
            return any.options().stream().map(PolicyWords::words).collect(Collectors.joining(", or "));
        } else if (permission instanceof Permission.ByType byType) {
            return byType(byType.types());
        }
        return "nobody";
    }

    private static String byType(Map<String, Permission> types) {
        Map<String, Permission> sorted = new TreeMap<>(types);
        Permission others = sorted.remove("*");
        return sorted.entrySet().stream()
                        .map(each -> each.getKey() + ": " + words(each.getValue()))
                        .collect(Collectors.joining("; "))
                + "; every other type: " + words(others == null ? Permission.NOBODY : others);
    }

    /** What it takes. */
    enum Need {
        /** Nothing at all. */
        NOTHING,
        /** A token, or what the listener that is asked says. */
        TOKEN,
        /** Nobody may. */
        NEVER
    }

    /** The least that is enough for somebody. */
    static Need need(Permission permission) {
        if (permission instanceof Permission.AnyOf any) {
            return any.options().stream()
                    .map(PolicyWords::need)
                    .min(Need::compareTo)
                    .orElse(Need.NEVER);
        } else if (permission instanceof Permission.ByType byType) {
            return byType.types().values().stream()
                    .map(PolicyWords::need)
                    .min(Need::compareTo)
                    .orElse(Need.NEVER);
        } else if (permission instanceof Permission.Anyone) {
            return Need.NOTHING;
        }
        return permission instanceof Permission.Nobody ? Need.NEVER : Need.TOKEN;
    }
}
