package dev.weir.node;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.weir.bus.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Log lines for people: a pattern as every logback encoder has, without tokens and without control characters, which could
 * make a terminal do things. A {@code conf/logback.xml} may name it.
 */
public final class TextLog extends PatternLayoutEncoder {
    /** Key-value pairs follow the message where there are any. */
    static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{20} %msg%replace(%kvp){'^(?=.)', ' '}%n";

    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]");

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = CONTROL.matcher(getLayout().doLayout(event)).replaceAll("?");
        return Redaction.text(line).getBytes(StandardCharsets.UTF_8);
    }
}
