package dev.weir.event;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The value of a {@code ce-*} HTTP header: quoted or not, percent-encoded once, UTF-8. */
final class HttpHeaderValue {
    private HttpHeaderValue() {}

    /**
     * Reads a value.
     *
     * @throws InvalidEventException when a quote or an escape is broken, or the bytes are not UTF-8
     */
    static String decode(String attribute, String header) {
        String value = header.startsWith("\"") ? unquoted(attribute, header) : header;
        return isPlain(value) ? value : percentDecoded(attribute, value);
    }

    /** Writes a value: blanks, quotes, percent signs and what is not printable ASCII are percent-encoded, as UTF-8. */
    static String encode(String value) {
        StringBuilder encoded = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == '%') {
                encoded.append(String.format("%%%02X", (int) c));
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' || c >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String unquoted(String attribute, String header) {
        StringBuilder value = new StringBuilder(header.length());
        int last = header.length() - 1;
        int i = 1;
        while (i < last && header.charAt(i) != '"') {
            if (header.charAt(i) == '\\') {
                i++;
            }
            value.append(header.charAt(i++));
        }
        if (i != last || header.charAt(last) != '"') {
            throw new InvalidEventException(
                    attribute,
                    "the header 'ce-" + attribute + "' begins with a quote that does not end with the value");
        }
        return value.toString();
    }

    /** One round: what is still encoded afterwards is meant so. Characters beyond ASCII are the bytes that were sent. */
    private static String percentDecoded(String attribute, String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%') {
                bytes.write(hex(attribute, value, i + 1) << 4 | hex(attribute, value, i + 2));
                i += 2;
            } else if (c <= 0xFF) {
                bytes.write(c);
            } else {
                throw notUtf8(attribute);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notUtf8(attribute);
        }
    }

    private static int hex(String attribute, String value, int at) {
        char c = at < value.length() ? value.charAt(at) : 'x';
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw new InvalidEventException(
                    attribute,
                    "the header 'ce-" + attribute + "' holds a '%' without two hexadecimal digits; write %25 for '%'");
        }
        return digit;
    }

    private static InvalidEventException notUtf8(String attribute) {
        return new InvalidEventException(
                attribute, "the header 'ce-" + attribute + "' is not UTF-8; percent-encode its UTF-8 bytes");
    }
}
