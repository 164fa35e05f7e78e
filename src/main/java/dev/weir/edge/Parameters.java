package dev.weir.edge;

import static java.util.Map.entry;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.config.Nearest;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which parameters the query of each operation has, as its description lists them. Any other is refused: who misspelt one would be
 * answered as if he had left it out. Stateless.
 */
public final class Parameters {
    /** Of any operation: a token where no header can be set. */
    private static final Set<String> ANYWHERE = Set.of(Gate.TOKEN_PARAMETER);

    /** What pages append so that no cache answers. */
    private static final String NOBODYS = "_";

    private static final List<String> LETTERS =
            List.of("subscription", "address", "type", "text", "reason", "error", "since", "until", "cursor", "limit");
    private static final Map<String, List<String>> OF = Map.ofEntries(
            entry("POST /v1/addresses/:address/events", List.of("type", "subject", "deliverat", "deliverafter")),
            entry("GET /v1/addresses/:address/events", List.of("since", "after", "before", "limit", "type")),
            entry("GET /v1/addresses/:address/delayed", List.of("limit", "after")),
            entry("GET /v1/addresses/:address/presence", List.of("limit")),
            entry("POST /v1/addresses/:address/requests", List.of("timeout", "type", "subject")),
            entry(
                    "GET /v1/stream",
                    List.of("address", "type", "presence", "presence-data", "presence-key", "lastEventId")),
            entry("GET /v1/sessions", List.of("sub")),
            entry("DELETE /v1/sessions", List.of("sub")),
            entry("POST /v1/subscriptions/:name/pull", List.of("max", "wait")),
            entry("POST /v1/flows/dry-run", List.of("since", "until", "limit", "show", "compare", "file")),
            entry("GET /v1/dead-letters", and(LETTERS, "group")),
            entry("DELETE /v1/dead-letters", LETTERS),
            entry("POST /v1/dead-letters/replay", and(LETTERS, "rate")),
            entry("GET /v1/trace/:id", List.of("by", "address", "after", "before")));

    private Parameters() {}

    private static List<String> and(List<String> some, String other) {
        return Stream.concat(some.stream(), Stream.of(other)).toList();
    }

    /** Those of an operation: its method, a space and its path with {@code :name} for what varies. */
    public static List<String> of(String operation) {
        return OF.getOrDefault(operation, List.of());
    }

    /** The operations that have any. */
    public static Set<String> operations() {
        return new TreeSet<>(OF.keySet());
    }

    /** Why a query is refused; null when it is not. */
    public static @Nullable Refusal refusal(MultiMap query, List<String> known) {
        for (String name : query.names()) {
            if (!known.contains(name) && !ANYWHERE.contains(name) && !name.startsWith(NOBODYS)) {
                return new Refusal(FailureCode.INVALID_PARAMETER, message(name, known));
            }
        }
        return null;
    }

    private static String message(String name, List<String> known) {
        String meant = Nearest.to(name, known)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
        String all = known.isEmpty() ? "none" : String.join(", ", known);
        return "there is no parameter '" + name + "' here" + meant + " (there are: " + all + ")";
    }
}
