package dev.weir.script;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which core modules the text of a script speaks of, so that they can be loaded before it begins. A guess: a name in a comment costs
 * a load, one that is put together at run time is loaded when it is asked for. Stateless.
 */
final class Mentions {
    private static final Pattern REQUIRED = Pattern.compile(
            "\\b(?:require|from|import)\\b\\s*\\(?\\s*['\"`](?:node:)?([a-z0-9_]+(?:/[a-z0-9_]+)*)['\"`]");
    private static final Pattern GLOBAL = Pattern.compile(
            "\\b(console|process|Buffer|performance|fetch|URL|URLSearchParams|AbortController|TextEncoder|TextDecoder"
                    + "|(?:set|clear)(?:Timeout|Interval|Immediate))\\b");
    private static final Map<String, String> MODULES = Map.of(
            "console", "console",
            "process", "process",
            "Buffer", "buffer",
            "performance", "perf_hooks",
            "fetch", "internal/fetch",
            "URL", "url",
            "URLSearchParams", "url",
            "AbortController", "internal/abort",
            "TextEncoder", "internal/encoding",
            "TextDecoder", "internal/encoding");

    private Mentions() {}

    /** Their names, in the order of the text. */
    static List<String> modules(String text) {
        Set<String> found = new LinkedHashSet<>();
        Matcher globals = GLOBAL.matcher(text);
        while (globals.find()) {
            found.add(MODULES.getOrDefault(globals.group(1), "timers"));
        }
        Matcher required = REQUIRED.matcher(text);
        while (required.find()) {
            if (Library.hasCore(required.group(1))) {
                found.add(required.group(1));
            }
        }
        return List.copyOf(found);
    }
}
