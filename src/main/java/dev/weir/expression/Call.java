package dev.weir.expression;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A function and its arguments, of which the first one may stand before the dot. */
final class Call extends Node {
    /** What a function does. It reads its arguments through the call, which names the wrong ones. */
    @FunctionalInterface
    interface Function {
        @Nullable
        Object apply(Call call, @Nullable Object[] arguments);
    }

    private final String function;
    private final Function body;
    private final Node[] arguments;

    Call(String function, Function body, List<Node> arguments) {
        this.function = function;
        this.body = body;
        this.arguments = arguments.toArray(Node[]::new);
    }

    @Override
    @Nullable
    Object eval(Scope scope) {
        @Nullable Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].eval(scope);
        }
        return body.apply(this, values);
    }

    String text(@Nullable Object[] values, int i) {
        if (values[i] instanceof String text) {
            return text;
        }
        throw wrong(
                values, i, "text", values[i] instanceof Number ? ": write string(" + arguments[i].name() + ")" : "");
    }

    Number number(@Nullable Object[] values, int i) {
        if (values[i] instanceof Number number) {
            return number;
        }
        throw wrong(
                values,
                i,
                "a number",
                values[i] instanceof String ? ": write double(" + arguments[i].name() + ")" : "");
    }

    /** An index or count. */
    int whole(@Nullable Object[] values, int i) {
        Number number = number(values, i);
        if (number.doubleValue() != number.intValue()) {
            throw wrong(values, i, "a small whole number", "");
        }
        return number.intValue();
    }

    List<?> list(@Nullable Object[] values, int i) {
        List<?> list = Values.list(values[i]);
        if (list == null) {
            throw wrong(values, i, "a list", "");
        }
        return list;
    }

    Instant instant(@Nullable Object[] values, int i) {
        if (values[i] instanceof Instant at) {
            return at;
        }
        throw wrong(
                values,
                i,
                "a timestamp",
                values[i] instanceof String ? ": write timestamp(" + arguments[i].name() + ")" : "");
    }

    Duration duration(@Nullable Object[] values, int i) {
        if (values[i] instanceof Duration duration) {
            return duration;
        }
        throw wrong(values, i, "a duration", "");
    }

    Buffer bytes(@Nullable Object[] values, int i) {
        if (values[i] instanceof Buffer bytes) {
            return bytes;
        } else if (values[i] instanceof byte[] bytes) {
            return Buffer.buffer(bytes);
        }
        throw wrong(values, i, "bytes", "");
    }

    /** An argument that is of the wrong kind. */
    Fault wrong(@Nullable Object[] values, int i, String wanted, String mend) {
        return new Fault(
                arguments[i].name() + " is " + Values.kind(values[i]) + ", " + function + "() takes " + wanted + mend);
    }

    /** An argument of the right kind with a value that does not do. */
    Fault unfit(String why) {
        return new Fault(name() + ": " + why);
    }

    @Override
    String name() {
        if (function.equals("!_") || function.equals("-_")) {
            return function.charAt(0) + arguments[0].name();
        }
        return function
                + java.util.Arrays.stream(arguments).map(Node::name).collect(Collectors.joining(", ", "(", ")"));
    }
}
