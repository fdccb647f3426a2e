package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lock between processes. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DataDirectoryIT {

    @TempDir
    private Path data;

    @Test
    void open_heldByAnotherProcess_namesItAndIsFreeWhenThatIsKilled() throws Exception {
        Process holder = holder();
        try (BufferedReader said = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> DataDirectory.open(data))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("another process (" + holder.pid() + ")")
                    .hasMessageContaining(data.toRealPath().toString());
            // Looking must not have cost the holder its lock.
            assertThatThrownBy(() -> DataDirectory.open(data)).isInstanceOf(DataDirectoryException.class);
            holder.destroyForcibly().waitFor();
            DataDirectory.open(data).close();
        } finally {
            holder.destroyForcibly();
        }
    }

    private Process holder() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Holder.class.getName(), data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Another server: holds the directory until its standard input ends. */
    static final class Holder {

        private Holder() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            try (DataDirectory held = DataDirectory.open(Path.of(args[0]))) {
                System.out.println(held.path().isAbsolute() ? "held" : "relative");
                while (System.in.read() >= 0) {
                    // Until somebody closes it, or this process is killed.
                }
            }
        }
    }
}
