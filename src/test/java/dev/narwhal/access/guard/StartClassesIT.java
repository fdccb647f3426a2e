package dev.narwhal.access.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start loads no class of what only some requests need. */
@Tag("process")
class StartClassesIT {

    private static final String SECURITY = " org.springframework.security.";
    private static final String TOKENS = " com.nimbusds.";

    @TempDir
    Path dir;

    @Test
    void guard_isMadeWithTheFirstRequestThatNeedsIt_andTokensNeedALibraryOnlyWhereTheyAreSet() throws Exception {
        Path loaded = dir.resolve("classes.log");
        List<String> arguments = new ArrayList<>(NarwhalProcess.QUICK_START);
        arguments.add("-Xlog:class+load:file=" + loaded);
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), arguments, List.of())) {
            assertThat(Plain.send(server.root(), "GET", "/actuator/health/readiness")
                            .status())
                    .isEqualTo(200);
            assertThat(Files.readString(loaded)).contains(" dev.narwhal.").doesNotContain(SECURITY, TOKENS);

            assertThat(Plain.send(server.root(), "GET", "/actuator/health").status())
                    .isEqualTo(200);
            assertThat(Files.readString(loaded)).contains(SECURITY).doesNotContain(TOKENS);
        }
    }
}
