package dev.narwhal.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "CON|_CON",
                "con|_con",
                "aux.txt|_aux.txt",
                "Nul .tar.gz|_Nul .tar.gz",
                "COM1|_COM1",
                "lpt9.log|_lpt9.log",
                "COM\u00B9.txt|_COM\u00B9.txt",
                "CONIN$|_CONIN$",
                "console.txt|console.txt",
                "com10|com10",
                "my aux.txt|my aux.txt",
            })
    void clean_nameOfAWindowsDevice_isNone(String name, String expected) {
        assertThat(FileNames.clean(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.|a_",
                "a...|a___",
                "a.txt .|a.txt__",
                "a. . .|a_____",
                "..|__",
                "a.b.c|a.b.c",
                "a.\u00A0|a_",
                "\u3000a\u2003|a"
            })
    void clean_dotsAndBlanksAtTheEnd_doNotStay(String name, String expected) {
        assertThat(FileNames.clean(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u200Bb.txt",
                "\uFEFFab.txt",
                "ab.txt\u2060",
                "a\u00ADb.txt",
                "a\u200Db.txt",
                "a\u3164b.txt",
                "a\u034Fb.txt",
                "a\uDB40\uDC41b.txt"
            })
    void clean_whatNobodySees_isLeftOut(String name) {
        assertThat(FileNames.clean(name)).isEqualTo("ab.txt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uD83D\uDC69\u200D\uD83D\uDE80.png", // an astronaut: woman, joiner, rocket
                "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645.txt", // Persian, one word
                "Gr\u00FC\u00DFe \u6587\u66F8.txt",
                "\u2764\uFE0F.txt"
            })
    void clean_joinersWithinWordsAndEmoji_stay(String name) {
        assertThat(FileNames.clean(name)).isEqualTo(name);
    }

    @Test
    void clean_nothingToBeSeen_isEmpty() {
        assertThat(FileNames.clean("\u200B\uFEFF \u200D\u2003")).isEmpty();
    }

    @Test
    void clean_reserved_inAnySpelling() {
        assertThat(FileNames.clean(".narwhal-destination")).isEqualTo("_.narwhal-destination");
        assertThat(FileNames.clean(".NARWHAL")).isEqualTo("_.NARWHAL");
        assertThat(FileNames.clean("\u200B.narwhal")).isEqualTo("_.narwhal");
    }

    @Test
    void clean_long_isBounded_andKeepsItsExtension() {
        String name = FileNames.clean("\u65E5".repeat(6000) + ".txt");

        assertThat(bytes(name)).isBetween(250, FileNames.MAX_BYTES);
        assertThat(name).startsWith("\u65E5\u65E5").endsWith("\u65E5.txt");
    }

    /** Nothing else fits beside it. */
    @Test
    void cut_longExtension_isGivenUp() {
        assertThat(FileNames.cut("\uD83D\uDC0B.narwhal" + "\u6587".repeat(7), 32))
                .startsWith("\uD83D\uDC0B.narwhal");
        assertThat(FileNames.cut("a" + ".\u6587".repeat(60), 8)).startsWith("a");
    }

    @Test
    void clean_anythingAtAll_again_changesNothing() {
        Random random = new Random(11);
        int[] drawn = {
            ' ', '.', '/', '\\', 'a', 'K', 0x212A, 0x1FEF, 0xE9, 0x301, 0x34F, 0x200B, 0x200C, 0x200D, 0xFEFF, 0x202E,
            0xA0, 0x1F40B, 0xD800, 0, '\n'
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(i % 10 == 0 ? 400 : 12);
            for (int n = 0; n < length; n++) {
                text.appendCodePoint(i % 3 == 0 ? random.nextInt(0x11000) : drawn[random.nextInt(drawn.length)]);
            }
            String name = FileNames.clean(text.toString());
            assertThat(FileNames.clean(name)).as(text.toString()).isEqualTo(name);
            assertThat(bytes(name)).isLessThanOrEqualTo(FileNames.MAX_BYTES);
            assertThat(name)
                    .doesNotContain("/", "\\", "\u200B", "\uFEFF")
                    .doesNotEndWith(".")
                    .doesNotEndWith(" ");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
