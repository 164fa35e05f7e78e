package dev.weir.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which of the standard macros a comprehension of the checked tree was, known by the parts the parser made of it. */
@FunctionalInterface
interface MacroShape {
    /** The node for it. */
    Node loop(Node range, int local);

    static MacroShape of(CelComprehension macro, Function<CelExpr, Node> node) {
        CelCall step = macro.loopStep().call();
        if (macro.accuInit().getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
            boolean counts = macro.accuInit().constant().getKind() == CelConstant.Kind.INT64_VALUE;
            if (counts) {
                Node condition = node.apply(step.args().get(0));
                return (range, local) -> new Loop.ExistsOne(range, local, condition);
            }
            boolean decisive = !macro.accuInit().constant().booleanValue();
            Node condition = node.apply(step.args().get(1));
            return (range, local) -> new Loop.Quantifier(decisive, range, local, condition);
        }
        boolean filtered = step.function().equals("_?_:_");
        @Nullable Node condition = filtered ? node.apply(step.args().get(0)) : null;
        CelCall append = filtered ? step.args().get(1).call() : step;
        Node result = node.apply(append.args().get(1).list().elements().get(0));
        return (range, local) -> new Loop.Mapping(range, local, condition, result);
    }
}
