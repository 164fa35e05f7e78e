package dev.weir.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test cases of RFC 5869, appendix A, for SHA-256. */
class HkdfTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            000102030405060708090a0b0c, 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, f0f1f2f3f4f5f6f7f8f9, \
            3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865
            '', 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', \
            8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8
            """)
    void keysAreThoseOfTheStandard(String salt, String material, String info, String key) {
        HexFormat hex = HexFormat.of();
        byte[] made = Hkdf.derive(hex.parseHex(salt), hex.parseHex(material), hex.parseHex(info), 42);
        assertThat(hex.formatHex(made)).isEqualTo(key);
    }
}
