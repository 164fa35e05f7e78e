package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the configuration keeps of a password. */
class PasswordHashTest {
    /** Computed with another implementation: Python's {@code hashlib.pbkdf2_hmac}. */
    private static final String OF_ANOTHER_PROGRAM =
            "pbkdf2-sha256$600000$AAECAwQFBgcICQoLDA0ODw==$6Dh+SB3JciB49Cn95a39ur0z07upPaPz9i3o2fLRSoA=";

    @Test
    void isReadAsOthersWriteIt() {
        PasswordHash hash = PasswordHash.parse(OF_ANOTHER_PROGRAM);
        assertThat(hash.matches("gr\u00fcner Hering")).isTrue();
        assertThat(hash.matches("gru\u0308ner Hering")).as("composed otherwise").isTrue();
        assertThat(hash.matches("gr\u00fcner hering")).isFalse();
        assertThat(hash.matches("")).isFalse();
        assertThat(hash.text()).isEqualTo(OF_ANOTHER_PROGRAM);
        assertThat(hash.toString()).doesNotContain("600000");
    }

    @Test
    void isOfOnePasswordAndAnotherEachTime() {
        PasswordHash hash = PasswordHash.of("x".repeat(1024));
        assertThat(hash.text()).startsWith("pbkdf2-sha256$600000$");
        assertThat(hash.matches("x".repeat(1024))).isTrue();
        assertThat(hash.matches("x".repeat(1025))).isFalse();
        assertThat(PasswordHash.of("x".repeat(1024)).text()).isNotEqualTo(hash.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "pbkdf2-sha256$600000$c2FsdA==",
                "pbkdf2-sha256$599999$MDEyMzQ1Njc4OWFiY2RlZg==$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "pbkdf2-sha256$99999999$MDEyMzQ1Njc4OWFiY2RlZg==$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "pbkdf2-sha256$600000$c2FsdA==$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "pbkdf2-sha256$600000$MDEyMzQ1Njc4OWFiY2RlZg==$c2FsdA==",
                "pbkdf2-sha1$600000$MDEyMzQ1Njc4OWFiY2RlZg==$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
            })
    void whatIsNoneIsRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("hunter2", "MDEy");
    }
}
