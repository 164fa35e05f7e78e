package dev.weir.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelReference;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes nodes of a checked tree, once. */
final class Translation {
    private static final Scope NOTHING = slot -> null;
    private static final Map<String, Arithmetic.Operator> ARITHMETIC = Map.of(
            "_+_", Arithmetic.Operator.ADD,
            "_-_", Arithmetic.Operator.SUBTRACT,
            "_*_", Arithmetic.Operator.MULTIPLY,
            "_/_", Arithmetic.Operator.DIVIDE,
            "_%_", Arithmetic.Operator.MODULO);
    private static final Map<String, Comparison.Operator> COMPARISON = Map.of(
            "_<_", Comparison.Operator.LESS,
            "_<=_", Comparison.Operator.AT_MOST,
            "_>_", Comparison.Operator.MORE,
            "_>=_", Comparison.Operator.AT_LEAST);

    private final CelAbstractSyntaxTree tree;
    private final Environment environment;
    private final @Nullable Aggregates aggregates;
    private final Map<String, Node> locals = new HashMap<>();
    /** What is read, and how often: a path that only leads to a longer one is not. */
    private final Map<String, Integer> paths = new HashMap<>();

    private int localCount;

    /** @param aggregates null where aggregates are not allowed */
    Translation(CelAbstractSyntaxTree tree, Environment environment, @Nullable Aggregates aggregates) {
        this.tree = tree;
        this.environment = environment;
        this.aggregates = aggregates;
    }

    Compiled expression(String text, CelExpr root) {
        Node node = node(root, 0);
        return new Compiled(text, node, localCount, paths.keySet());
    }

    Node node(CelExpr expr, int depth) {
        if (depth > Dialect.DEEPEST * 4) {
            throw new Rejected(expr.id(), "it is nested too deeply", Diagnosis.SPLIT);
        }
        Optional<CelReference> reference = tree.getReference(expr.id());
        return switch (expr.getKind()) {
            case CONSTANT -> new Constant(constant(expr));
            case IDENT -> ident(expr.ident().name());
            case SELECT ->
                reference.isPresent()
                        ? ident(reference.get().name())
                        : select(node(expr.select().operand(), depth + 1), expr);
            case CALL -> call(expr, depth + 1);
            case LIST -> list(expr, depth + 1);
            case MAP -> map(expr, depth + 1);
            case COMPREHENSION -> loop(expr, depth + 1);
            default -> throw new Rejected(expr.id(), "messages have no place here", "write a map: {\"name\": value}");
        };
    }

    private static @Nullable Object constant(CelExpr expr) {
        CelConstant constant = expr.constant();
        return switch (constant.getKind()) {
            case NULL_VALUE -> null;
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            case DOUBLE_VALUE -> constant.doubleValue();
            case STRING_VALUE -> constant.stringValue();
            case BYTES_VALUE -> Buffer.buffer(constant.bytesValue().toByteArray());
            default ->
                throw new Rejected(
                        expr.id(), "unsigned numbers have no place here, as JSON has none", "leave the u out");
        };
    }

    private Node ident(String name) {
        Node local = locals.get(name);
        if (local != null) {
            return local;
        }
        int slot = environment.variables().indexOf(name);
        if (slot < 0) {
            return new Constant(new TypeName(name));
        }
        paths.merge(name, 1, Integer::sum);
        return new Variable(slot, name);
    }

    private Node select(Node from, CelExpr expr) {
        Path path = path(from, expr.select().field());
        return expr.select().testOnly() ? new Has(path) : path;
    }

    private Path path(Node from, String field) {
        Path path = from instanceof Path longer ? longer.with(field) : new Path(from, List.of(field));
        reads(from, field);
        return path;
    }

    /** Notes the longer path instead of the one that leads to it. */
    private void reads(Node from, String field) {
        String shorter = from.name().replace(".?", ".");
        Integer times = paths.get(shorter);
        if (times != null) {
            paths.computeIfPresent(shorter, (path, count) -> count == 1 ? null : count - 1);
            paths.merge(shorter + Path.suffix(field), 1, Integer::sum);
        }
    }

    private Node call(CelExpr expr, int depth) {
        CelCall call = expr.call();
        if (call.target().isEmpty() && environment.aggregates().contains(call.function())) {
            return aggregate(expr);
        }
        List<Node> arguments = new ArrayList<>();
        call.target().ifPresent(target -> arguments.add(node(target, depth)));
        if (call.function().equals("_?._")) {
            return optionalField(call, depth);
        }
        call.args().forEach(argument -> arguments.add(node(argument, depth)));
        Node made = made(expr, call.function(), arguments);
        return made instanceof Path ? made : folded(made, arguments);
    }

    private Node aggregate(CelExpr expr) {
        if (aggregates == null) {
            throw new Rejected(
                    expr.id(),
                    expr.call().function() + "() has no place here",
                    "aggregates belong into compute of a window");
        } else if (!locals.isEmpty()) {
            throw new Rejected(
                    expr.id(),
                    expr.call().function() + "() stands inside a macro such as all() or map()",
                    "calculate it outside, the macro inside of its argument");
        }
        return aggregates.call(tree, expr);
    }

    private Node optionalField(CelCall call, int depth) {
        Node from = node(call.args().get(0), depth);
        String field = call.args().get(1).constant().stringValue();
        reads(from, field);
        return new OptionalField(from, field);
    }

    private Node made(CelExpr expr, String function, List<Node> arguments) {
        Node first = arguments.isEmpty() ? new Constant(null) : arguments.get(0);
        Node second = arguments.size() < 2 ? first : arguments.get(1);
        Arithmetic.Operator arithmetic = ARITHMETIC.get(function);
        Comparison.Operator comparison = COMPARISON.get(function);
        if (arithmetic != null) {
            return new Arithmetic(arithmetic, first, second);
        } else if (comparison != null) {
            return Comparison.of(comparison, first, second);
        }
        return switch (function) {
            case "_==_" -> equality(expr, true, first, second);
            case "_!=_" -> equality(expr, false, first, second);
            case "_&&_" -> Logic.of(false, first, second);
            case "_||_" -> Logic.of(true, first, second);
            case "_?_:_" -> new Choice(first, second, arguments.get(2));
            case "@in" -> new Membership(first, second);
            case "_[_]" -> index(first, second);
            case "_[?_]" -> new Index(first, second, true);
            case "matches" -> matches(expr, arguments, second);
            default -> function(expr, function, arguments);
        };
    }

    private Node equality(CelExpr expr, boolean wanted, Node left, Node right) {
        String one = kind(expr.call().args().get(0));
        String other = kind(expr.call().args().get(1));
        if (!one.isEmpty() && !other.isEmpty() && !one.equals(other)) {
            throw new Rejected(
                    expr.id(),
                    left.name() + " is " + one + " and " + right.name() + " is " + other
                            + ", so they are never the same",
                    "convert one side: string(...) makes text, int(...) and double(...) make numbers");
        }
        return new Equality(wanted, left, right);
    }

    /** What the checker knows of a value for sure; empty when that is nothing, or null. */
    private String kind(CelExpr expr) {
        return switch (tree.getTypeOrThrow(expr.id()).kind()) {
            case INT, DOUBLE -> "a number";
            case STRING -> "text";
            case BOOL -> "a boolean";
            case BYTES -> "bytes";
            case LIST -> "a list";
            case MAP -> "an object";
            case TIMESTAMP -> "a timestamp";
            case DURATION -> "a duration";
            default -> "";
        };
    }

    private Node index(Node from, Node key) {
        return key instanceof Constant constant && constant.value instanceof String field
                ? path(from, field)
                : new Index(from, key, false);
    }

    private static Node matches(CelExpr expr, List<Node> arguments, Node pattern) {
        if (!(pattern instanceof Constant constant && constant.value instanceof String text)) {
            return function(expr, "matches", arguments);
        }
        try {
            return new Call("matches", Texts.matching(Pattern.compile(text)), arguments);
        } catch (PatternSyntaxException e) {
            throw new Rejected(expr.id(), "the pattern of matches() is wrong: " + e.getMessage(), "patterns are RE2's");
        }
    }

    private static Node function(CelExpr expr, String name, List<Node> arguments) {
        Call.Function function = Functions.find(name, arguments.size());
        if (function == null) {
            throw new Rejected(
                    expr.id(), name + "() is unknown", "see docs/expressions.md for the functions there are");
        }
        return new Call(name, function, arguments);
    }

    /** What depends on nothing is calculated now; what then has no value is left to say so when it is evaluated. */
    private static Node folded(Node node, List<Node> from) {
        if (node instanceof Constant || !from.stream().allMatch(Constant.class::isInstance)) {
            return node;
        }
        try {
            Object value = node.eval(NOTHING);
            if (value instanceof List<?> list) {
                return new Constant(java.util.Collections.unmodifiableList(list));
            }
            return new Constant(value instanceof Map<?, ?> map ? java.util.Collections.unmodifiableMap(map) : value);
        } catch (Fault fault) {
            return node;
        }
    }

    private Node list(CelExpr expr, int depth) {
        List<Node> elements =
                expr.list().elements().stream().map(each -> node(each, depth)).toList();
        return folded(new ListLiteral(elements, expr.list().optionalIndices()), elements);
    }

    private Node map(CelExpr expr, int depth) {
        List<MapLiteral.Entry> entries = new ArrayList<>();
        List<Node> all = new ArrayList<>();
        for (CelExpr.CelMap.Entry each : expr.map().entries()) {
            Node key = node(each.key(), depth);
            Node value = node(each.value(), depth);
            entries.add(new MapLiteral.Entry(key, value, each.optionalEntry()));
            all.add(key);
            all.add(value);
        }
        return folded(new MapLiteral(entries), all);
    }

    private Node loop(CelExpr expr, int depth) {
        CelExpr.CelComprehension macro = expr.comprehension();
        Node range = node(macro.iterRange(), depth);
        int index = localCount++;
        String name = macro.iterVar();
        Node hidden = locals.put(name, new Local(index, name));
        try {
            return MacroShape.of(macro, part -> node(part, depth)).loop(range, index);
        } finally {
            if (hidden == null) {
                locals.remove(name);
            } else {
                locals.put(name, hidden);
            }
        }
    }
}
