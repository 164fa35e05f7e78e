package dev.weir.edge;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/** The query parameter {@code type}, which may be repeated: only events of these types. Pure functions. */
public final class TypeFilter {
    private static final int MOST = 100;

    private TypeFilter() {}

    /**
     * The types a request wants, none for all.
     *
     * @throws Refusal when one is empty or there are more than 100
     */
    public static Set<String> of(HttpServerRequest request) {
        List<String> types = request.params().getAll("type");
        if (types.size() > MOST) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER, "at most " + MOST + " types at a time, not " + types.size());
        }
        if (types.contains("")) {
            throw new Refusal(FailureCode.INVALID_PARAMETER, "type is empty; name a type, or leave it out for all");
        }
        return Set.copyOf(types);
    }
}
