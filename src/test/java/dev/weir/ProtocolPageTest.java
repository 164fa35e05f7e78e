package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FailureCode;
import dev.weir.edge.CloseCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code docs/protocol.md} says of codes is what the server says. */
class ProtocolPageTest {
    private static final Path PAGE = Path.of("docs/protocol.md");

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void everyFailureCodeStandsThere(FailureCode code) throws IOException {
        assertThat(Files.readString(PAGE))
                .contains("| " + code.word() + " | " + code.number() + " | " + code.httpStatus() + " | "
                        + (code.retryable() ? "yes" : "no") + " |");
    }

    @ParameterizedTest
    @EnumSource(CloseCode.class)
    void everyCloseCodeStandsThere(CloseCode code) throws IOException {
        assertThat(Files.readString(PAGE)).contains("| " + code.number() + " |");
    }
}
