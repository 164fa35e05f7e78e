package dev.weir.node;

import dev.weir.bus.HttpAccess;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Requests as lines of the log, for {@code log.access}. The logger's name is {@code access}. */
final class AccessLines {
    /** Always the same, so that it can be removed again. */
    static final Consumer<HttpAccess> LISTENER = AccessLines::write;

    private static final Logger LOG = LoggerFactory.getLogger("access");

    private AccessLines() {}

    private static void write(HttpAccess access) {
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("status", access.status())
                .addKeyValue("bytes", access.bytes())
                .addKeyValue("millis", access.micros() / 1000.0)
                .addKeyValue("client", access.client());
        if (access.subject() != null) {
            line = line.addKeyValue("subject", access.subject());
        }
        if (access.agent() != null) {
            line = line.addKeyValue("agent", access.agent());
        }
        String query = access.query() == null ? "" : "?" + access.query();
        line.log("{} {}{}", access.method(), access.path(), query);
    }
}
