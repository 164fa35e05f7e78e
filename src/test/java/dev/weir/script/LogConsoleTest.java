package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How what a script writes becomes lines of the log. */
class LogConsoleTest {
    private final Logger log = (Logger) LoggerFactory.getLogger("js.lines.js");
    private final ListAppender<ILoggingEvent> kept = new ListAppender<>();
    private final LogConsole console = new LogConsole(log, new ScriptTally());

    private List<String> lines() {
        return kept.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void linesAreLoggedWhenTheyEndAndEndlessOnesInParts() {
        kept.start();
        log.addAppender(kept);
        try {
            console.write(false, "a");
            console.write(true, "wrong\n");
            console.write(false, "b\nc\nd");
            console.write(false, "\n");
            assertThat(lines()).containsExactly("wrong", "ab\nc", "d");
            for (int i = 0; i < 65; i++) {
                console.write(false, "x".repeat(1024));
            }
            assertThat(lines()).last().isEqualTo("x".repeat(64 * 1024));
        } finally {
            log.detachAppender(kept);
        }
    }
}
