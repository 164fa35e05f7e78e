package dev.weir.expression;

import static dev.weir.expression.Samples.evaluate;
import static dev.weir.expression.Samples.failure;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions of texts that CEL's extension has, with the examples of its documentation where it gives some. */
class TextsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'hello'.charAt(4) | o",
                "'hello'.charAt(5) | ~~",
                "string('hello mellow'.indexOf('')) | 0",
                "string('hello mellow'.indexOf('ello')) | 1",
                "string('hello mellow'.indexOf('jello')) | -1",
                "string('hello mellow'.indexOf('ello', 2)) | 7",
                "string('hello mellow'.lastIndexOf('ello')) | 7",
                "string('ö😀b'.indexOf('b')) | 2",
                "['hello', 'mellow'].join() | hellomellow",
                "['hello', 'mellow'].join(' ') | hello mellow",
                "'TacoCÄt'.lowerAscii() | tacocÄt",
                "'TacoCät'.upperAscii() | TACOCäT",
                "'hello hello'.replace('he', 'we') | wello wello",
                "'hello hello'.replace('he', 'we', 1) | wello hello",
                "'hello hello'.replace('he', 'we', 0) | hello hello",
                "'hello hello'.replace('', '_') | _h_e_l_l_o_ _h_e_l_l_o_",
                "'hello hello'.replace('h', '') | ello ello",
                "'hello hello hello'.split(' ').join('/') | hello/hello/hello",
                "'hello hello hello'.split(' ', 2).join('/') | hello/hello hello",
                "'hello hello hello'.split(' ', 1).join('/') | hello hello hello",
                "string(size('hello hello'.split(' ', 0))) | 0",
                "'tacocat'.substring(4) | cat",
                "'tacocat'.substring(0, 4) | taco",
                "'ö😀b'.substring(1, 2) | 😀",
                "'gums'.reverse() | smug",
                "'a'.reverse() + '  trim '.trim() | atrim",
                "'%s took %.1f s, %d of %s'.format(['x', 2, 3, [1, 'a']]) | x took 2.0 s, 3 of [1, a]",
                "'%d%% %x %o %b %e'.format([10, 255, 8, 5, 1500.0]) | 10% ff 10 101 1.500000e+03",
                "base64.encode(b'hello') | aGVsbG8=",
                "string(base64.decode('aGVsbG8=')) | hello"
            })
    void functionsOfTexts(String text, String expected) {
        assertThat(evaluate(text, "{}")).isEqualTo(expected);
    }

    @Test
    void wrongPlacesAndPatternsAreSaid() {
        assertThat(failure("event.data.t.substring(9)", "{\"t\": \"abc\"}"))
                .isEqualTo("substring(event.data.t, 9): place 9 lies outside of the text");
        assertThat(failure("event.data.t.substring(2, 1)", "{\"t\": \"abc\"}")).endsWith("it ends before it begins");
        assertThat(failure("'%d'.format([event.data.t])", "{\"t\": \"abc\"}"))
                .endsWith("%d takes a number and got text");
        assertThat(failure("'%d %d'.format([event.data.t])", "{\"t\": 1}"))
                .endsWith("more places than the list has values");
        assertThat(failure("'a'.matches(event.data.t)", "{\"t\": \"(\"}")).contains("the pattern is wrong");
        assertThat(failure("duration(event.data.t)", "{\"t\": \"5 min\"}")).contains("written like \"1h30m\"");
    }

    @Test
    void splitsIntoCharacters() {
        assertThat(evaluate("event.data.t.split('')", "{\"t\": \"abc\"}")).isEqualTo(List.of("a", "b", "c"));
    }
}
