package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar, started with what cannot work: one line that says what to change, and exit status 1. */
@Tag("process")
class StartupFailureIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    narwhal.upload.max-sise=1GB         | narwhal.upload.max-sise is '1GB', but there is no such setting: did you mean narwhal.upload.max-size?
                    narwhal.upload.max-size=abc         | narwhal.upload.max-size is 'abc': it must be a size, for instance 512MB or 5GB
                    narwhal.destination.type=ftp        | narwhal.destination.type is 'ftp': it must be directory or s3 or azure
                    narwhal.destinations.archive.typ=s3 | narwhal.destinations.archive.typ is 's3', but there is no such setting: docs/configuration.md lists the settings there are.
                    narwhal.destinations.archive.type=s3 | narwhal.destinations.archive.s3.bucket is ''; allowed: the name of a bucket, since narwhal.destinations.archive.type is s3
                    narwhal.delivery.rules[0].destination=x | narwhal.delivery.rules: the rule for 'x' fits every upload; it must have an owner or metadata to look at
                    server.forward-headers-strategy=native | server.forward-headers-strategy is 'native', but must be absent: narwhal.tus.trusted-proxies says whose headers are believed.
                    """)
    void start_withWrongSetting_saysWhatIsAllowed(String setting, String sentence) throws IOException {
        assertThat(onlyLine("--" + setting)).isEqualTo("Narwhal cannot start: " + sentence);
        assertNothingWasMade();
    }

    /** A database that was migrated cannot go back to the jar before: a slip must not cost that. */
    private void assertNothingWasMade() {
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void start_withARuleForNoDestination_saysWhichThereAre() throws IOException {
        assertThat(onlyLine("--narwhal.delivery.rules[0].destination=archive", "--narwhal.delivery.rules[0].owner=ann"))
                .isEqualTo(
                        "Narwhal cannot start: narwhal.delivery.rules sends uploads to 'archive', but the destinations are"
                                + " default");
        assertNothingWasMade();
    }

    @Test
    void start_withValueOutOfRange_showsTheFeaturesOwnSentence() throws IOException {
        assertThat(onlyLine("--narwhal.lease.takeover-timeout=0s"))
                .startsWith("Narwhal cannot start: narwhal.lease.takeover-timeout is ")
                .contains("at most 1m");
        assertNothingWasMade();
    }

    @Test
    void start_onAPortInUse_namesIt() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(onlyLine("--server.port=" + other.getLocalPort()))
                    .startsWith("Narwhal cannot start: port " + other.getLocalPort() + " is in use:");
        }
    }

    @Test
    void start_withoutItsDatabase_namesItsUrlAndNoPassword() throws IOException {
        assertThat(onlyLine(
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/narwhal?password=hunter2",
                        "--spring.datasource.username=someone"))
                .startsWith("Narwhal cannot start: the database that spring.datasource.url names,")
                .contains("'jdbc:postgresql://127.0.0.1:1/narwhal'", "'someone'")
                .doesNotContain("hunter2");
    }

    @Test
    void start_whereDataCannotBe_namesTheDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");

        assertThat(onlyLine("--narwhal.data-dir=" + file))
                .startsWith("Narwhal cannot start: The data directory " + file)
                .contains("narwhal.data-dir");
    }

    @Test
    void start_besideAnotherServerOnTheSameData_namesTheOther() throws IOException {
        Path shared = directory.resolve("shared");
        try (NarwhalProcess first = NarwhalProcess.start(shared)) {
            assertThat(onlyLine("--narwhal.data-dir=" + shared))
                    .startsWith("Narwhal cannot start: The data directory " + shared.toRealPath()
                            + " is in use by another" + " process (" + first.pid() + ")");
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void start_withALogThatIsNotTheDatabases_saysWhatToDo() throws IOException {
        Path database = Files.createDirectories(directory.resolve("data/db")).resolve("narwhal.mv.db");
        Files.write(database, new byte[8192]);
        Files.writeString(directory.resolve("data/db/narwhal.mv.db.redo"), "Narwhal7 and what a later version writes");

        assertThat(onlyLine("--narwhal.data-dir=" + directory.resolve("data")))
                .startsWith("Narwhal cannot start: the log " + database
                        + ".redo beside the database begins with 'Narwhal7'")
                .contains("start the version of Narwhal that wrote it");
    }

    @Test
    void start_thatWorks_saysOneLine() throws IOException {
        try (NarwhalProcess server = NarwhalProcess.start(directory.resolve("data"))) {
            assertThat(server.log().lines())
                    .singleElement()
                    .asString()
                    .contains(" is ready: upload to " + server.uploads() + ", finished files go to ")
                    .contains(server.delivered().toString())
                    .containsPattern("\\(page: \\Q" + server.root() + "\\E, started in [0-9]+\\.[0-9] s\\)$");
        }
    }

    /** What the failed start printed; it ended with status 1. */
    private String onlyLine(String... settings) throws IOException {
        try (NarwhalProcess server = NarwhalProcess.launch(directory.resolve("data"), settings)) {
            int status = server.awaitExit();
            assertThat(server.log().lines()).hasSize(1);
            assertThat(status).isEqualTo(1);
            return server.log().strip();
        }
    }
}
