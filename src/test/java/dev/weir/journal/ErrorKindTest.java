package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors that differ in names and numbers only are of one kind; other ones are not. */
class ErrorKindTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            no luck                                              | no luck
            order 'o-17' is gone                                 | order … is gone
            order "o 17" is gone after 3 attempts                | order … is gone after … attempts
            can't reach 10.0.0.1:8080, don't know why            | can't reach …, don't know why
            4fk2m8qz-3 was late by 1.5s                          | … was late by …
            d3b07384-d9a0-4c9b-8f6e-0a1b2c3d4e5f is no customer  | … is no customer
            the shop answered 503 for item 503                   | the shop answered 503 for item …
            status 404: item 12                                  | status 404: item …
            event.data.total: no such field                      | event.data.total: no such field
            """)
    void namesAndNumbersDoNotMatter(String error, String kind) {
        assertThat(ErrorKind.of(error)).isEqualTo(kind);
        assertThat(ErrorKind.of(kind)).as("a kind is of its own kind").isEqualTo(kind);
    }

    @Test
    void whateverItIsItIsShortAndOnOneLine() {
        assertThat(ErrorKind.of("one\n  two\tthree")).isEqualTo("one two three");
        assertThat(ErrorKind.of("x".repeat(5_000))).hasSize(300);
        assertThat(ErrorKind.of("'".repeat(20_000))).isNotEmpty();
        assertThat(ErrorKind.of("a1".repeat(20_000))).isEqualTo("…");
    }
}
