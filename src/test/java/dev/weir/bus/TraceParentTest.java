package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @Test
    void aTraceBeginsWithIdsThatNobodyElseHas() {
        assertThat(IntStream.range(0, 1_000).mapToObj(i -> TraceParent.begin(low -> true)))
                .allMatch(text -> text.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01"))
                .allMatch(TraceParent::isValid)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00, 00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, 01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03, 03",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff, 03",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, 01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-holds, 01"
    })
    void aTraceGoesOnWithANewSpan(String given, String flags) {
        assertThat(TraceParent.next(given))
                .matches("00-" + TRACE + "-[0-9a-f]{16}-" + flags)
                .doesNotContain("b7ad6b7169203331")
                .isNotEqualTo(TraceParent.next(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-1-2-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333x-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
                "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
                "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void whatIsNotValidIsNotContinued(String given) {
        assertThat(TraceParent.isValid(given)).isFalse();
        assertThat(TraceParent.traceOf(given)).isNull();
        assertThat(TraceParent.spanOf(given)).isNull();
    }
}
