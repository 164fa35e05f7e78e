package dev.weir.expression;

import dev.cel.common.CelIssue;
import dev.weir.config.Location;
import dev.weir.config.Nearest;
import dev.weir.config.Problems;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what the parser and the checker found in the words of the rest of the configuration. */
final class Diagnosis {
    private static final Pattern UNKNOWN = Pattern.compile("undeclared reference to '([^']+)'.*");
    private static final Pattern MISMATCH =
            Pattern.compile("found no matching overload for '([^']+)' applied to '\\(?(.*?)\\)?'(?: \\(candidates.*)?");
    private static final int SHOWN = 200;

    private final Environment environment;
    private final Location at;
    private final Problems problems;

    Diagnosis(Environment environment, Location at, Problems problems) {
        this.environment = environment;
        this.at = at;
        this.problems = problems;
    }

    void add(String text, CelIssue issue) {
        String message = issue.getMessage().lines().findFirst().orElse("it is wrong");
        int line = Math.max(1, issue.getSourceLocation().getLine());
        int column = Math.max(0, issue.getSourceLocation().getColumn()) + 1;
        Matcher unknown = UNKNOWN.matcher(message);
        Matcher mismatch = MISMATCH.matcher(message);
        if (unknown.matches()) {
            unknown(text, line, column, unknown.group(1));
        } else if (mismatch.matches()) {
            add(
                    text,
                    line,
                    column,
                    mismatch(mismatch.group(1), mismatch.group(2)),
                    mend(mismatch.group(1), mismatch.group(2)));
        } else {
            add(text, line, column, message, "expressions are CEL: docs/expressions.md shows how they are written");
        }
    }

    /** Notes one problem at a place inside the text, both from 1. */
    void add(String text, int line, int column, String message, String mend) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        String place = line > 1 ? "line " + line + ", column " + column : "column " + column;
        problems.add(at, "'" + shown + "' at " + place + ": " + message, mend);
    }

    private void unknown(String text, int line, int column, String name) {
        boolean called = text.lines()
                .skip(line - 1L)
                .findFirst()
                .map(each -> column <= each.length() ? each.substring(column - 1) : "")
                .orElse("")
                .matches("\\W?\\s*(\\w+\\.)*\\w*\\s*\\(.*");
        List<String> known = called ? Dialect.functionNames(environment) : environment.variables();
        String mend = Nearest.to(name, known)
                .map(near -> "did you mean " + near + (called ? "()?" : "?"))
                .orElse(
                        called
                                ? "docs/expressions.md lists the functions there are"
                                : "there " + (known.size() == 1 ? "is " : "are ") + String.join(", ", known)
                                        + "; texts stand in quotes");
        add(text, line, column, name + (called ? "()" : "") + " is unknown", mend);
    }

    private static String mismatch(String function, String types) {
        String symbol = symbol(function);
        return symbol + " does not take "
                + types.replaceFirst("\\.\\(", " with (")
                        .replace("google.protobuf.", "")
                        .replace("google.protobuf.", "");
    }

    private static String mend(String function, String types) {
        if (types.contains("string") && (types.contains("int") || types.contains("double"))) {
            return "convert one side: string(...) makes text, int(...) and double(...) make numbers";
        }
        return function.startsWith("_")
                ? "both sides have to fit each other"
                : "docs/expressions.md says what " + symbol(function) + " takes";
    }

    private static String symbol(String function) {
        if (function.equals("_?_:_")) {
            return "? :";
        } else if (function.equals("@in")) {
            return "in";
        }
        return function.contains("_") && !function.matches("\\w*[a-z]\\w*")
                ? function.replace("_", "")
                : function + "()";
    }
}
