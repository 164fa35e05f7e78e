package dev.weir.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelUnparserFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the aggregates of one expression and gives each its slot. */
final class Aggregates {
    private final Environment environment;
    private final Map<String, AggregateCall> calls = new LinkedHashMap<>();
    private final Map<String, Node> results = new LinkedHashMap<>();

    Aggregates(Environment environment) {
        this.environment = environment;
    }

    /** The node that reads the result. */
    Node call(CelAbstractSyntaxTree tree, CelExpr expr) {
        String text = text(tree, expr);
        Node known = results.get(text);
        if (known != null) {
            return known;
        }
        List<Expression> arguments = expr.call().args().stream()
                .map(argument -> (Expression)
                        new Translation(tree, environment, null).expression(text(tree, argument), argument))
                .toList();
        Node result = new Variable(environment.variables().size() + calls.size(), text);
        calls.put(text, new AggregateCall(expr.call().function(), arguments));
        results.put(text, result);
        return result;
    }

    List<AggregateCall> calls() {
        return List.copyOf(calls.values());
    }

    private static String text(CelAbstractSyntaxTree tree, CelExpr expr) {
        return CelUnparserFactory.newUnparser().unparse(CelAbstractSyntaxTree.newParsedAst(expr, tree.getSource()));
    }
}
