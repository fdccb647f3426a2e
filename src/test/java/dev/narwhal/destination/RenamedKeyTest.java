package dev.narwhal.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenamedKeyTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "a/b.txt, a/b-@.txt",
        "b.txt, b-@.txt",
        "b, b-@",
        "a.d/b, a.d/b-@",
        ".hidden, .hidden-@",
        "a.an-extension-that-is-none, a.an-extension-that-is-none-@",
    })
    void of_putsTheIdBeforeTheExtension(String key, String renamed) {
        assertThat(RenamedKey.of(key, ID)).isEqualTo(renamed.replace("@", ID));
    }

    @Test
    void of_renamed_isTheSame() {
        String once = RenamedKey.of("a/b.txt", ID);

        assertThat(RenamedKey.of(once, ID)).isEqualTo(once);
    }

    @Test
    void of_longName_staysAName() {
        String renamed = RenamedKey.of("a/" + "🐋".repeat(63) + ".md", ID);

        String name = renamed.substring(2);
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
        assertThat(name).startsWith("🐋").endsWith("-" + ID + ".md").doesNotContain("?");
    }
}
