package dev.weir.flow;

import dev.weir.config.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a stage's file says of it, on one line for those who look at the flow. Secrets are left out. Pure functions. */
final class StageText {
    private static final int LONGEST = 400;
    private static final String SECRET = "secret";
    private static final List<String> ELSEWHERE = List.of("stages", "to");

    private StageText() {}

    /** @param values the options as they were written, by name */
    static String of(StageType type, Map<String, RawValue> values) {
        List<String> parts = new ArrayList<>();
        values.forEach((name, raw) -> {
            boolean isShort = name.equals(type.shorthand());
            String text = name.equals(SECRET) ? "…" : text(type, name, raw);
            if (!text.isEmpty()) {
                parts.add(isShort ? text : name + ": " + text);
            }
        });
        return shorten(String.join(", ", parts));
    }

    /** An address with the types that are taken of it, or the options of a source. */
    static String of(InputSpec input) {
        String types = input.types().isEmpty() ? "" : ", types: " + input.types();
        return shorten(input.isAddress() ? input.name() + types : write(input.options(), false));
    }

    private static String shorten(String text) {
        String all = text.replaceAll("\\s+", " ").strip();
        return all.length() > LONGEST ? all.substring(0, LONGEST) + "…" : all;
    }

    private static String text(StageType type, String name, RawValue raw) {
        boolean branches = type.options().stream()
                .filter(option -> option.name().equals(name))
                .anyMatch(option ->
                        option.kind() == StageOption.Kind.BRANCH || option.kind() == StageOption.Kind.BRANCHES);
        return write(raw, branches);
    }

    /** @param branches whether stages and targets in it are drawn elsewhere */
    private static String write(RawValue raw, boolean branches) {
        if (Raw.isMap(raw)) {
            List<String> entries = new ArrayList<>();
            Raw.all(raw).forEach((name, value) -> {
                if (!branches || !ELSEWHERE.contains(name)) {
                    entries.add(name + ": " + write(value, branches));
                }
            });
            return entries.isEmpty() ? "" : "{" + String.join(", ", entries) + "}";
        }
        if (Raw.isList(raw)) {
            List<String> items =
                    Raw.items(raw).stream().map(item -> write(item, branches)).toList();
            return "[" + String.join(", ", items) + "]";
        }
        return String.valueOf(raw.value());
    }
}
