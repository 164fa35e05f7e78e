package dev.weir.flow.outside;

import dev.weir.config.RawValue;
import dev.weir.expression.Environment;
import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keys;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Text in which {@code {event.data.id}} stands for the value of an expression. Immutable. */
public final class Template {
    private record Part(String text, @Nullable Expression expression) {}

    /** No text, after a problem. */
    public static final Template NONE = new Template(List.of(new Part("", null)));

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Reads a text, noting problems. */
    public static Template of(StageOptions options, String name, RawValue raw) {
        String text = String.valueOf(raw.value());
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
            int close = closing(text, open);
            if (close < 0) {
                options.wrong(name, "a { without its }", "write it as in /items/{event.data.id}");
                break;
            }
            parts.add(new Part(text.substring(from, open), null));
            RawValue inner = new RawValue(text.substring(open + 1, close), raw.at());
            parts.add(new Part("", options.compile(name, inner, Environment.EVENT)));
            from = close + 1;
        }
        parts.add(new Part(text.substring(from), null));
        return new Template(parts);
    }

    /** The brace that closes the one at {@code open}; braces in quotes are text. */
    private static int closing(String text, int open) {
        int depth = 0;
        char quote = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Whether there are expressions in it. */
    public boolean isComputed() {
        return parts.size() > 1;
    }

    /** The text in front of the first expression. */
    public String beginning() {
        return parts.get(0).text();
    }

    /** The text for an event; what expressions give is passed through {@code encode}. */
    public String text(FlowEvent event, UnaryOperator<String> encode) {
        if (parts.size() == 1) {
            return parts.get(0).text();
        }
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            Expression expression = part.expression();
            text.append(expression == null ? part.text() : encode.apply(Keys.of(expression.evaluate(event))));
        }
        return text.toString();
    }

    /** For one segment or parameter of a URL: whatever is not unreserved (RFC 3986) is encoded. */
    public static String inUrl(String value) {
        // A segment of dots alone would lead elsewhere, and cannot be encoded in a way that servers do not undo.
        if (value.equals(".") || value.equals("..")) {
            throw new StageException("'" + value + "' cannot be a part of a URL");
        }
        StringBuilder encoded = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean unreserved = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~';
            if (unreserved) {
                encoded.append(c);
            } else {
                encoded.append('%').append(String.format("%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    /** For the value of a header: a line of visible characters. */
    public static String inHeader(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                throw new StageException("a header cannot hold the character " + String.format("U+%04X", (int) c));
            }
        }
        return value;
    }
}
