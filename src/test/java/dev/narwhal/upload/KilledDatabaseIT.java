package dev.narwhal.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(120)
class KilledDatabaseIT {

    private static final int ACKNOWLEDGED = 500;

    /** Among what the process logs. */
    private static final Pattern ANSWER = Pattern.compile("([0-9a-f]{32}) ([0-9])");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dataDirectory;

    @Test
    void process_isKilledBetweenTwoStatements_everythingThatReturnedIsThere() throws Exception {
        Process process = start();
        Map<String, Long> acknowledged = new HashMap<>();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher answer = ANSWER.matcher(line);
                if (answer.matches()) {
                    acknowledged.merge(answer.group(1), Long.valueOf(answer.group(2)), Math::max);
                }
                if (acknowledged.size() == ACKNOWLEDGED) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor()).isNotZero();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED);

        try (TestDatabase database = TestDatabase.h2(dataDirectory)) {
            UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
            acknowledged.forEach((id, offset) -> assertThat(uploads.find(new UploadId(id)))
                    .hasValueSatisfying(row -> assertThat(row.offset()).isGreaterThanOrEqualTo(offset)));
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx256m",
                        CommittingProcess.class.getName(),
                        dataDirectory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
