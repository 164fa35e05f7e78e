package dev.weir.expression;

import static dev.weir.expression.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is wrong with an expression is said when its file is read: where, what, and the mend. */
class ProblemsOfExpressionsTest {
    @Test
    void unknownNames() {
        assertThat(problem("evnt.data.x > 1"))
                .isEqualTo("flows/a.yaml:7: 'evnt.data.x > 1' at column 1: evnt is unknown\n    did you mean event?");
        assertThat(problem("event.type == placed"))
                .isEqualTo(
                        "flows/a.yaml:7: 'event.type == placed' at column 15: placed is unknown\n    there is event; texts stand in quotes");
        assertThat(problem("event.type.startWith('a')"))
                .isEqualTo(
                        "flows/a.yaml:7: 'event.type.startWith('a')' at column 21: startWith() is unknown\n    did you mean startsWith()?");
        assertThat(problem("math.great(1, 2)"))
                .isEqualTo(
                        "flows/a.yaml:7: 'math.great(1, 2)' at column 1: math.great() is unknown\n    did you mean math.greatest()?");
        assertThat(problem("evnt.data.contains('a')")).contains("column 1: evnt is unknown");
        assertThat(problem("siz(event.data.x) > 1")).endsWith("did you mean size()?");
        assertThat(problem("event.data.x\n  > limit"))
                .startsWith("flows/a.yaml:7: 'event.data.x\n  > limit' at line 2, column 5: limit is unknown");
    }

    @Test
    void typesThatDoNotFit() {
        assertThat(problem("'a' + 1"))
                .isEqualTo("flows/a.yaml:7: ''a' + 1' at column 5: + does not take string, int\n"
                        + "    convert one side: string(...) makes text, int(...) and double(...) make numbers");
        assertThat(problem("size(event.data.x) == '1'"))
                .startsWith(
                        "flows/a.yaml:7: 'size(event.data.x) == '1'' at column 20: size(event.data.x) is a number and \"1\" is text");
        assertThat(problem("size(5)")).contains("size() does not take int");
        assertThat(problem("'a'.matches('(')"))
                .contains("column 12: the pattern of matches() is wrong: error parsing regexp: missing closing )");
        assertThat(problem("1 ? 2 : 3")).contains("? : does not take int, int, int");
        assertThat(problem("event.data.x > 1u")).contains("leave the u out");
        assertThat(problem("event.data.x.charAt('a')")).contains("charAt() does not take");
    }

    @Test
    void whatIsNoCel() {
        assertThat(problem("event.data.x >")).startsWith("flows/a.yaml:7: 'event.data.x >' at column 15: ");
        assertThat(problem("event.data.x = 1")).contains("at column 14: ");
        assertThat(problem("")).contains("at column 1: ");
        assertThat(problem("event.data.x == 'a")).contains("column");
        assertThat(problem("Order{a: 1}")).contains("is unknown");
        assertThat(problem("event.data.x and event.data.y")).contains("at column 14: ");
    }
}
