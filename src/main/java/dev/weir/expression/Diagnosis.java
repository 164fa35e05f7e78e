package dev.weir.expression;

import dev.cel.common.CelIssue;
import dev.weir.config.Location;
import dev.weir.config.Nearest;
import dev.weir.config.Problems;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what the parser and the checker found in the words of the rest of the configuration. */
final class Diagnosis {
    private static final Pattern UNKNOWN = Pattern.compile("undeclared reference to '([^']+)'.*");
    private static final Pattern MISMATCH =
            Pattern.compile("found no matching overload for '([^']+)' applied to '\\(?(.*?)\\)?'(?: \\(candidates.*)?");
    private static final Pattern MEMBER = Pattern.compile("\\w+\\.(\\w+)\\(.*");
    private static final int SHOWN = 200;
    static final String SPLIT = "split it over several stages";

    private final Environment environment;
    private final Location at;
    private final Problems problems;
    /** Of the function that was unknown just now, which the checker tells as two unknown names. */
    private @Nullable String namespace;

    Diagnosis(Environment environment, Location at, Problems problems) {
        this.environment = environment;
        this.at = at;
        this.problems = problems;
    }

    /** Notes them all, but of those of the grammar only the first one: the others follow from it. */
    void add(String text, List<CelIssue> issues) {
        int known = problems.list().size();
        for (CelIssue issue : issues) {
            boolean grammar = !UNKNOWN.matcher(first(issue)).matches()
                    && !MISMATCH.matcher(first(issue)).matches();
            if (!grammar || problems.list().size() == known) {
                add(text, issue);
            }
        }
    }

    private static String first(CelIssue issue) {
        return issue.getMessage().lines().findFirst().orElse("it is wrong");
    }

    private void add(String text, CelIssue issue) {
        String message = first(issue);
        int line = Math.max(1, issue.getSourceLocation().getLine());
        int column = Math.max(0, issue.getSourceLocation().getColumn()) + 1;
        Matcher unknown = UNKNOWN.matcher(message);
        Matcher mismatch = MISMATCH.matcher(message);
        if (unknown.matches()) {
            unknown(text, line, column, unknown.group(1));
        } else if (mismatch.matches()) {
            String types = mismatch.group(2);
            add(text, line, column, mismatch(mismatch.group(1), types), mend(mismatch.group(1), types));
        } else if (message.contains("recursion limit")) {
            add(text, line, column, "it is nested more than " + Dialect.DEEPEST + " levels deep", SPLIT);
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
        String rest = text.lines().skip(line - 1L).findFirst().orElse("");
        rest = column <= rest.length() ? rest.substring(column - 1) : "";
        List<String> functions = Dialect.functionNames(environment);
        if (functions.stream().anyMatch(function -> function.startsWith(name + "."))) {
            Matcher member = MEMBER.matcher(rest);
            namespace = name;
            function(text, line, column, member.matches() ? name + "." + member.group(1) : name, functions);
        } else if (rest.startsWith("(") && namespace == null) {
            function(text, line, column, name, functions);
        } else if (rest.startsWith("(")) {
            namespace = null; // It was named with its namespace.
        } else {
            List<String> variables = environment.variables();
            String there = "there " + (variables.size() == 1 ? "is " : "are ") + String.join(", ", variables);
            String mend = Nearest.to(name, variables)
                    .map(near -> "did you mean " + near + "?")
                    .orElse(there + "; texts stand in quotes");
            add(text, line, column, name + " is unknown", mend);
        }
    }

    private void function(String text, int line, int column, String name, List<String> functions) {
        String mend = Nearest.to(name, functions)
                .map(near -> "did you mean " + near + "()?")
                .orElse("docs/expressions.md lists the functions there are");
        add(text, line, column, name + "() is unknown", mend);
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
