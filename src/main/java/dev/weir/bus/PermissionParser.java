package dev.weir.bus;

import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the permission grammar: a word, a list of words of which one is enough, or a map by event type. */
final class PermissionParser {
    private static final String GRAMMAR =
            "write anyone, signed-in, nobody, role:X, self:VARIABLE, claim:NAME or ask:ADDRESS, or a list of these";

    private final Problems problems;

    PermissionParser(Problems problems) {
        this.problems = problems;
    }

    /** Reads one permission; absent is nobody, and so is what is wrong (a problem was noted then). */
    Permission parse(String key, @Nullable RawValue raw) {
        if (raw == null) {
            return Permission.NOBODY;
        }
        if (raw.value() instanceof Map<?, ?> types) {
            return byType(key, types);
        }
        return parseOptions(key, raw);
    }

    private Permission byType(String key, Map<?, ?> types) {
        Map<String, Permission> parsed = new HashMap<>();
        types.forEach((type, value) -> {
            if (type instanceof String name && value instanceof RawValue raw) {
                parsed.put(name, parseOptions(key + "." + name, raw));
            }
        });
        return new Permission.ByType(parsed);
    }

    private Permission parseOptions(String key, RawValue raw) {
        if (!(raw.value() instanceof List<?> many)) {
            return word(key, raw);
        }
        List<Permission> options = new ArrayList<>();
        for (Object each : many) {
            if (each instanceof RawValue option) {
                options.add(word(key, option));
            }
        }
        return new Permission.AnyOf(options);
    }

    private Permission word(String key, RawValue raw) {
        String text = raw.value() instanceof String s ? s : "";
        int colon = text.indexOf(':');
        String argument = colon < 0 ? "" : text.substring(colon + 1);
        Permission permission = colon < 0 ? plainWord(text) : wordWithArgument(text.substring(0, colon), argument);
        if (permission == null) {
            problems.add(raw.at(), key + ": '" + raw.value() + "' is not a permission", GRAMMAR);
            return Permission.NOBODY;
        }
        return permission;
    }

    private static @Nullable Permission plainWord(String text) {
        return switch (text) {
            case "anyone" -> Permission.ANYONE;
            case "signed-in" -> new Permission.SignedIn();
            case "nobody" -> Permission.NOBODY;
            default -> null;
        };
    }

    private static @Nullable Permission wordWithArgument(String word, String argument) {
        if (argument.isBlank()) {
            return null;
        }
        return switch (word) {
            case "role" -> new Permission.Role(argument);
            case "self" -> new Permission.Self(argument);
            case "claim" -> new Permission.Claim(argument);
            case "ask" -> Addresses.isValid(argument) ? new Permission.Ask(argument) : null;
            default -> null;
        };
    }

    static Set<String> union(Collection<Permission> permissions) {
        Set<String> all = new HashSet<>();
        permissions.forEach(p -> all.addAll(Permission.variablesOf(p)));
        return all;
    }
}
