package dev.weir.node;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.weir.bus.Redaction;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines for machines: one JSON object a line with {@code time}, {@code level}, {@code logger}, {@code thread}, {@code node},
 * {@code message}, {@code error} (the stack trace) and whatever key-value pairs and MDC entries the line has, without tokens.
 * A {@code conf/logback.xml} may name it.
 */
public final class JsonLog extends EncoderBase<ILoggingEvent> {
    /** The property of the logger context that names the node. */
    static final String NODE = "node";

    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonObject line = new JsonObject()
                .put("time", DateTimeFormatter.ISO_INSTANT.format(event.getInstant()))
                .put("level", event.getLevel().toString())
                .put("logger", event.getLoggerName())
                .put("thread", event.getThreadName());
        String node = event.getLoggerContextVO().getPropertyMap().get(NODE);
        if (node != null) {
            line.put(NODE, node);
        }
        line.put("message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        event.getMDCPropertyMap().forEach((name, value) -> addTo(line, name, value));
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                addTo(line, pair.key, pair.value);
            }
        }
        return (Redaction.text(line.encode()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void addTo(JsonObject line, String name, Object value) {
        if (!line.containsKey(name)) {
            line.put(name, value instanceof Number || value instanceof Boolean ? value : String.valueOf(value));
        }
    }
}
