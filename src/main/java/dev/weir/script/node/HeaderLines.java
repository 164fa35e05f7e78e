package dev.weir.script.node;

import io.vertx.core.MultiMap;
import java.util.Map;

/** Headers between Java and JavaScript: names and values in turn, joined by zero characters, which no header has. Stateless. */
final class HeaderLines {
    private static final String SEPARATOR = "\0";

    private HeaderLines() {}

    static String join(MultiMap headers) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> header : headers) {
            if (!text.isEmpty()) {
                text.append(SEPARATOR);
            }
            text.append(header.getKey()).append(SEPARATOR).append(header.getValue());
        }
        return text.toString();
    }

    static void put(MultiMap headers, String joined) {
        if (joined.isEmpty()) {
            return;
        }
        String[] parts = joined.split(SEPARATOR, -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            headers.add(parts[i], parts[i + 1]);
        }
    }
}
