package dev.weir.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code [1, event.data.x, ?event.data.?y]}. */
final class ListLiteral extends Node {
    private final List<Node> elements;
    private final List<Integer> optional;

    ListLiteral(List<Node> elements, List<Integer> optional) {
        this.elements = elements;
        this.optional = optional;
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        List<@Nullable Object> list = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            Object value = elements.get(i).eval(scope);
            if (!optional.isEmpty() && optional.contains(i) && value instanceof Maybe maybe) {
                if (maybe.present()) {
                    list.add(maybe.value());
                }
            } else {
                list.add(Json.compact(value));
            }
        }
        return list;
    }

    @Override
    String name() {
        return elements.stream().map(Node::name).collect(Collectors.joining(", ", "[", "]"));
    }
}
