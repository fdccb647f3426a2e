package dev.narwhal.client.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {

    private static final int CLASS_FILE_OF_JAVA_8 = 52;

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "9", "11", "17", "20", ""})
    void refusal_olderJava_isOneSentenceWithBothVersions(String specification) {
        assertThat(Launcher.refusal(specification))
                .isEqualTo("narwhal-client needs Java 21 or newer, and this is Java " + specification + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"21", "25", "30"})
    void refusal_newEnough_isEmpty(String specification) {
        assertThat(Launcher.refusal(specification)).isEmpty();
    }

    @Test
    void classFile_ofTheLauncher_isReadByJava8() throws IOException {
        try (InputStream file = Launcher.class.getResourceAsStream("Launcher.class")) {
            assertThat(file).isNotNull();
            DataInputStream data = new DataInputStream(file);
            assertThat(data.readInt()).isEqualTo(0xCAFEBABE);
            data.readUnsignedShort();
            assertThat(data.readUnsignedShort()).isEqualTo(CLASS_FILE_OF_JAVA_8);
        }
    }
}
