package dev.narwhal.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.JarUnderTest;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.json.JsonParserFactory;

/** What a command of the built jar printed, and its exit status. No command ever prints a stack trace. */
record JarCommand(int status, String out, String err) {

    private static final long LIMIT_SECONDS = 120;

    static JarCommand run(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(JarUnderTest.java());
        words.addAll(NarwhalProcess.QUICK_START);
        words.addAll(List.of("-jar", JarUnderTest.shipped().toString()));
        words.addAll(List.of(arguments));
        Path out = Files.createTempFile("command-", ".out");
        Path err = Files.createTempFile("command-", ".err");
        try {
            Process process = new ProcessBuilder(words)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).as("ends by itself").isTrue();
            JarCommand command =
                    new JarCommand(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
            assertThat(command.out + command.err).doesNotContain("\tat ", "Exception in thread");
            return command;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Of {@code doctor --json}: the verdict and text of one check; empty when it was not made. */
    String finding(String check) {
        return findings(check).stream().findFirst().orElse("");
    }

    List<String> findings(String check) {
        Object checks = JsonParserFactory.getJsonParser().parseMap(out).get("checks");
        return (checks instanceof List<?> list ? list : List.of())
                .stream()
                        .<Map<?, ?>>map(entry -> (Map<?, ?>) entry)
                        .peek(JarCommand::requireRemedy)
                        .filter(entry -> check.equals(entry.get("check")))
                        .map(entry -> entry.get("verdict") + " " + entry.get("text"))
                        .toList();
    }

    private static void requireRemedy(Map<?, ?> finding) {
        assertThat("OK".equals(finding.get("verdict"))).isEqualTo(finding.get("remedy") == null);
    }
}
