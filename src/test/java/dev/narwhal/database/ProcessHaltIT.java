package dev.narwhal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("faults")
@Timeout(60)
class ProcessHaltIT {

    @Test
    void because_saysWhyAndEndsAtOnce() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ending.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(70);
        assertThat(said).contains("database.committer-ended").contains("no room for another group");
    }

    /** A process that would go on for ever, and whose orderly stop would, too. */
    static final class Ending {

        private Ending() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(Ending::waitForEver));
            ProcessHalt.because(new IllegalStateException("no room for another group"));
        }

        private static void waitForEver() {
            while (true) {
                Thread.onSpinWait();
            }
        }
    }
}
