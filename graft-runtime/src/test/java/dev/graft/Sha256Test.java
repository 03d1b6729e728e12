package dev.graft;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Sha256Test {
    /** The examples of FIPS 180-2. */
    @Test
    void hashesAreThoseOfTheStandard() {
        assertThat(Sha256.of("abc".getBytes(US_ASCII)))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        var digest = Sha256.digest();
        digest.update("abcdbcdecdefdefgefghfghighij".getBytes(US_ASCII));
        digest.update("hijkijkljklmklmnlmnomnopnopq".getBytes(US_ASCII));
        assertThat(Sha256.hex(digest)).isEqualTo("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }

    @Test
    void textsAreKeptApart() {
        assertThat(Sha256.of("a", "b")).isEqualTo(Sha256.of("a\nb\n".getBytes(US_ASCII)));
        assertThat(Sha256.of("a", "b")).isNotEqualTo(Sha256.of("ab"));
    }
}
