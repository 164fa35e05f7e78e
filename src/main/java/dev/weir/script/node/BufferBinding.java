package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;

/**
 * Bytes as base64 or hexadecimal text and back: loops over single bytes, for which JavaScript that is interpreted takes long. Reads text
 * as leniently as Node: characters count by their lower eight bits, as there. Owned by the script's loop.
 */
public final class BufferBinding {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SEXTETS = sextets();
    private static final int NONE = -1;

    private final ScriptHost host;

    BufferBinding(ScriptHost host) {
        this.host = host;
    }

    private static byte[] sextets() {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < letters.length(); i++) {
            values[letters.charAt(i)] = (byte) i;
        }
        values['-'] = 62;
        values['_'] = 63;
        return values;
    }

    /** A part of an ArrayBuffer as base64, padded. */
    @HostAccess.Export
    public String base64(Value memory, int offset, int length) {
        return Base64.getEncoder().encodeToString(Bytes.of(memory, offset, length));
    }

    /** The same in the alphabet of addresses, without padding. */
    @HostAccess.Export
    public String base64url(Value memory, int offset, int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Bytes.of(memory, offset, length));
    }

    /** A part of an ArrayBuffer in hexadecimal digits. */
    @HostAccess.Export
    public String hex(Value memory, int offset, int length) {
        return HEX.formatHex(Bytes.of(memory, offset, length));
    }

    /** An ArrayBuffer of what base64 says, in both alphabets; other characters are skipped, and everything from a {@code =} on. */
    @HostAccess.Export
    public Object fromBase64(String text) {
        return host.values().memory(decodeBase64(text));
    }

    /** An ArrayBuffer of what pairs of hexadecimal digits say, up to the first that is none. */
    @HostAccess.Export
    public Object fromHex(String text) {
        return host.values().memory(decodeHex(text));
    }

    static byte[] decodeBase64(String text) {
        byte[] bytes = new byte[(int) (text.length() * 3L / 4)];
        int made = 0;
        int bits = 0;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            int letter = text.charAt(i) & 0xff;
            if (letter == '=') {
                break;
            }
            int value = SEXTETS[letter];
            if (value == NONE) {
                continue;
            }
            bits = bits << 6 | value;
            count++;
            // Of four letters the first says too little for a byte; of the others 4, 2 and no bits are left.
            int place = count & 3;
            if (place != 1) {
                bytes[made++] = (byte) (bits >> (place == 2 ? 4 : place == 3 ? 2 : 0));
            }
        }
        return made == bytes.length ? bytes : Arrays.copyOf(bytes, made);
    }

    static byte[] decodeHex(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = text.charAt(2 * i) & 0xff;
            int low = text.charAt(2 * i + 1) & 0xff;
            if (!HexFormat.isHexDigit(high) || !HexFormat.isHexDigit(low)) {
                return Arrays.copyOf(bytes, i);
            }
            bytes[i] = (byte) (HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low));
        }
        return bytes;
    }
}
