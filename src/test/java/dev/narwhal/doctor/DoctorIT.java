package dev.narwhal.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narwhal.staging.StagingProbe;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor on a machine that is well, beside a server, and with one thing wrong at a time. */
@Tag("process")
class DoctorIT {

    private static final long MIB = 1 << 20;

    @TempDir
    private Path directory;

    @Test
    void doctor_beforeTheFirstStart_findsNothingWrongAndLeavesNothing() throws Exception {
        JarCommand doctor = JarCommand.run(directory, "doctor");

        assertThat(doctor.status()).isZero();
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.out())
                .containsPattern("OK +settings +all are known and allowed\n")
                .containsPattern("OK +data directory +" + directory.toRealPath() + "/data is not there yet")
                .containsPattern("(OK|WARN) +file system +[a-z0-9]+")
                .containsPattern("(OK|WARN) +free space +.* free, narwhal.staging.reserve is 256 MB\n")
                .containsPattern("(OK|WARN) +direct I/O +(works|does not work here)")
                .containsPattern("OK +synced writes +median ")
                .containsPattern("(OK|WARN) +descriptors +[0-9]+ files and connections may be open")
                .containsPattern("OK +database +H2, not there yet")
                .containsPattern("OK +destination: deliver +'uploads/narwhal-doctor-[0-9a-f]{32}/probe.txt' to ")
                .containsPattern("OK +destination: read back +[0-9]+ bytes, the same\n")
                .containsPattern("OK +destination: remove +gone again\n")
                .containsPattern("\n(All is well|It works).*\\.\n$");
        assertThat(files()).isEmpty();
    }

    @Test
    void doctor_besideARunningServer_andAfterItsKill_saysSoAndDisturbsNothing() throws Exception {
        Path data = directory.resolve("data");
        try (NarwhalProcess server = NarwhalProcess.start(data)) {
            List<Path> before = files();

            JarCommand doctor = JarCommand.run(directory, "doctor", "--json", "--narwhal.data-dir=" + data);

            assertThat(doctor.status()).isZero();
            assertThat(doctor.finding("data directory"))
                    .contains("running server: another process (" + server.pid() + ")");
            assertThat(doctor.finding("database")).isEqualTo("WARN H2, in use by the running server: not looked into");
            assertThat(files()).isEqualTo(before);
            assertThat(server.isAlive()).isTrue();
            assertThat(server.log().lines()).hasSize(1);
            server.kill();
        }
        Path log = data.resolve("db/narwhal.mv.db.redo");
        byte[] left = Files.readAllBytes(log);
        assertThat(left).isNotEmpty();

        JarCommand afterwards = JarCommand.run(directory, "doctor", "--json", "--narwhal.data-dir=" + data);

        assertThat(afterwards.status()).isZero();
        assertThat(afterwards.finding("database")).startsWith("WARN H2, not stopped in good order");
        assertThat(Files.readAllBytes(log)).isEqualTo(left);
    }

    @Test
    void doctor_afterAServerRan_looksIntoItsDatabase() throws Exception {
        Path data = directory.resolve("data");
        try (NarwhalProcess server = NarwhalProcess.start(data)) {
            server.stop();
        }
        List<Path> before = files();
        byte[] database = Files.readAllBytes(data.resolve("db/narwhal.mv.db"));

        JarCommand doctor = JarCommand.run(directory, "doctor", "--json");

        assertThat(doctor.status()).isZero();
        assertThat(Files.readAllBytes(data.resolve("db/narwhal.mv.db"))).isEqualTo(database);
        assertThat(doctor.finding("data directory")).startsWith("OK").endsWith("in use by nobody");
        assertThat(doctor.finding("database")).startsWith("OK the embedded database: H2 2.");
        assertThat(doctor.finding("database tables"))
                .startsWith("OK of version ")
                .endsWith(", as this version needs them");
        assertThat(doctor.finding("database writes")).startsWith("OK a commit and its sync take ");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void wrongSettings_areAllTold_andTheRestIsLookedAt() throws Exception {
        JarCommand doctor = JarCommand.run(
                directory,
                "doctor",
                "--json",
                "--narwhal.upload.max-sise=1GB",
                "--narwhal.lease.takeover-timeout=0s",
                "--narwhal.destination.key-template={nonsense}",
                "--narwhal.upload.max-size=abc",
                "--narwhal.destination.s3.secret-kye=hunter2",
                "--server.forward-headers-strategy=native",
                "--server.port=http");

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.findings("settings"))
                .hasSize(7)
                .allMatch(finding -> finding.startsWith("FAIL "))
                .anyMatch(finding -> finding.contains("narwhal.upload.max-sise is '1GB', but there is no such setting"))
                .anyMatch(finding -> finding.contains("narwhal.lease.takeover-timeout is "))
                .anyMatch(finding -> finding.contains("{nonsense} is no placeholder"))
                .anyMatch(finding -> finding.contains("narwhal.destination.s3.secret-kye is '***'"))
                .anyMatch(finding -> finding.contains("narwhal.upload.max-size is 'abc': it must be a size"))
                .anyMatch(finding -> finding.contains("server.forward-headers-strategy is 'native'"))
                .anyMatch(finding -> finding.contains("server.port is 'http': it must be a whole number"));
        assertThat(doctor.finding("data directory")).startsWith("OK ");
    }

    @Test
    void settingsFileThatIsNoYaml_isToldTheLine() throws Exception {
        Files.writeString(directory.resolve("application.yaml"), "narwhal:\n data-dir: x\n  oops: 2\n");

        JarCommand doctor = JarCommand.run(directory, "doctor");

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.out()).containsPattern("FAIL +settings +a settings file .* is not YAML in line 3");
    }

    @Test
    void logFileThatIsSet_isTheServers() throws Exception {
        Path log = Files.writeString(directory.resolve("narwhal.log"), "the server's\n");

        JarCommand doctor = JarCommand.run(directory, "doctor", "--logging.file.name=" + log, "--debug");

        assertThat(doctor.status()).isZero();
        assertThat(doctor.out()).startsWith("Narwhal ");
        assertThat(log).hasContent("the server's");
    }

    @Test
    void dataDirectoryThatCannotBe_isToldWhy() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");

        JarCommand doctor = JarCommand.run(directory, "doctor", "--json", "--narwhal.data-dir=" + file);

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("data directory")).startsWith("FAIL " + file + " cannot be used:");
        assertThat(doctor.finding("destination")).startsWith("FAIL ");
        assertThat(file).hasContent("in the way");
    }

    @Test
    void diskWithoutRoomAboveTheReserve_fails() throws Exception {
        JarCommand doctor = JarCommand.run(directory, "doctor", "--json", "--narwhal.staging.reserve=900000TB");

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("free space")).startsWith("FAIL ").contains("every upload is answered 507");
    }

    @Test
    void memoryForADisk_withLittleRoom_isWarnedOf() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory) && Files.getFileStore(memory).type().equals("tmpfs"));
        boolean direct;
        try (StagingProbe probe = StagingProbe.in(memory)) {
            direct = probe.isDirectPossible();
        }
        long free = Files.getFileStore(memory).getUsableSpace() / MIB;

        JarCommand doctor = JarCommand.run(
                directory,
                "doctor",
                "--json",
                "--narwhal.data-dir=" + memory.resolve("narwhal-doctor-it"),
                "--narwhal.staging.reserve=" + Math.max(free / 2, free - 512) + "MB");

        assertThat(doctor.status()).isZero();
        assertThat(doctor.finding("file system")).startsWith("WARN tmpfs: a file system in memory");
        assertThat(doctor.finding("free space")).startsWith("WARN ").contains(" free, ");
        assertThat(doctor.finding("direct I/O")).startsWith(direct ? "OK " : "WARN ");
        assertThat(memory.resolve("narwhal-doctor-it")).doesNotExist();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> !path.equals(directory)).sorted().toList();
        }
    }
}
