package dev.narwhal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar's commands, as processes. */
@Tag("process")
class CommandLineIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void version_namesWhatItIsMadeOf(String word) throws Exception {
        JarCommand version = JarCommand.run(directory, word);

        assertThat(version.status()).isZero();
        assertThat(version.out().lines())
                .hasSize(4)
                .anyMatch(line -> line.matches("Narwhal +[0-9]+\\.[0-9]+\\.[0-9]+.*"))
                .anyMatch(line -> line.matches("commit +([0-9a-f]{7,64}|unknown)"))
                .anyMatch(line -> line.startsWith("Java ") && line.endsWith(" " + Runtime.version()))
                .anyMatch(line -> line.matches("Spring Boot +[0-9.]+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void help_isNoMistake(String word) throws Exception {
        JarCommand help = JarCommand.run(directory, word);

        assertThat(help.status()).isZero();
        assertThat(help.out()).startsWith("Usage: ").contains(" doctor ", " version ");
    }

    @Test
    void unknownCommand_isToldWhichThereAre() throws Exception {
        JarCommand unknown = JarCommand.run(directory, "docter", "--narwhal.data-dir=data");

        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).startsWith("Narwhal: 'docter' is no command.").contains(" doctor ", " version ");
    }

    @Test
    void doctor_withAWordThatIsNoSetting_looksAtNothing() throws Exception {
        JarCommand wrong = JarCommand.run(directory, "doctor", "narwhal.data-dir=data");

        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).startsWith("Narwhal: 'narwhal.data-dir=data' is no setting.");
    }
}
