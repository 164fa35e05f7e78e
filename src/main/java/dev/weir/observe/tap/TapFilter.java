package dev.weir.observe.tap;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compiles filters. The first one of a process takes long, so it is done aside. Stateless. */
final class TapFilter {
    private static final Pattern PLACE = Pattern.compile(".* at ((?:line \\d+, )?column \\d+: .*)", Pattern.DOTALL);

    private TapFilter() {}

    /**
     * Compiles.
     *
     * @throws Refusal that names the place, when it is wrong
     */
    static Expression compile(String text) {
        Problems problems = new Problems();
        Expression compiled = new Expressions(Environment.EVENT).compile(text, Location.NONE, problems);
        if (compiled == null) {
            String wrong =
                    problems.list().stream().map(problem -> say(text, problem)).collect(Collectors.joining("; "));
            throw new Refusal(FailureCode.INVALID_PARAMETER, "filter, " + wrong).at("/filter");
        }
        return compiled;
    }

    /** The problem without the text of the filter before the place, as whoever wrote it has it before their eyes. */
    private static String say(String text, Problem problem) {
        String message = problem.message();
        int quoted = Math.min(text.length(), message.length());
        Matcher place = PLACE.matcher(message).region(quoted > 200 ? 200 : quoted, message.length());
        String what = place.matches() ? place.group(1) : message;
        return problem.mend().isEmpty() ? what : what + " (" + problem.mend() + ")";
    }
}
