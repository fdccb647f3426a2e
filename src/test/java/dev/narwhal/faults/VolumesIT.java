package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FreezableDisk;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads whose bytes are on a volume that is not here: on another node's disk, or on one that is not mounted. */
@Tag("faults")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class VolumesIT {

    /** Nothing is delivered: nobody listens there, and the attempts go on. */
    private static final String[] UNREACHABLE = {
        "--narwhal.destination.type=s3",
        "--narwhal.destination.s3.bucket=uploads",
        "--narwhal.destination.s3.region=us-east-1",
        "--narwhal.destination.s3.endpoint=http://127.0.0.1:1",
        "--narwhal.destination.s3.access-key=a",
        "--narwhal.destination.s3.secret-key=b",
        "--narwhal.destination.s3.path-style=true"
    };

    @TempDir
    private Path dir;

    private final PlainTus tus = new PlainTus();

    @Test
    void twoNodesOnOneDatabase_eachServesItsOwnDisk() throws Exception {
        Path expected = Files.writeString(dir.resolve("expected"), "helloworld");
        try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
            String[] shared = {
                "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres",
                "--narwhal.upload.sweep-interval=1s"
            };
            Path left = dir.resolve("left");
            URI half;
            URI whole;
            try (NarwhalProcess other = NarwhalProcess.start(dir.resolve("right"), shared)) {
                try (NarwhalProcess owner = NarwhalProcess.start(left, with(UNREACHABLE, shared))) {
                    half = begun(owner);
                    whole = finished(owner);
                    assertAbsent(on(other, half));
                    assertLivesOn(owner, half, on(other, half));
                    owner.stop();
                }
                due(database, half, "-1 hour");
                URI unwanted = begun(other);
                due(database, unwanted, "-1 hour");
                // It sweeps and delivers its own, and nothing of the other's.
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> state(database, unwanted).equals("EXPIRED"));
                DeliveredFiles.in(other.delivered()).assertHolds(finished(other), expected);
                assertThat(state(database, half)).isEqualTo("RECEIVING");
                assertThat(state(database, whole)).isEqualTo("FINISHED");
                assertAbsent(on(other, half));
                assertThat(delivered(other)).isEqualTo(1);
            }
            due(database, half, "1 day");
            try (NarwhalProcess owner = NarwhalProcess.start(left, shared)) {
                assertGoesOn(owner, on(owner, half), expected);
                DeliveredFiles.in(owner.delivered()).assertHolds(whole, expected);
            }
        }
    }

    /** The row is everybody's, the bytes are the owner's: it removes them with its next sweep. */
    @Test
    void delete_atAnotherNode_endsTheUpload_andItsOwnerRemovesTheBytes() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
            String[] shared = {
                "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres",
                "--narwhal.upload.sweep-interval=1s"
            };
            try (NarwhalProcess other = NarwhalProcess.start(dir.resolve("right"), shared);
                    NarwhalProcess owner = NarwhalProcess.start(dir.resolve("left"), with(UNREACHABLE, shared))) {
                assertDeletedThere(owner, other, begun(owner));
                assertDeletedThere(owner, other, finished(owner));
                URI fed = begun(owner);
                try (HandFedPatch body = HandFedPatch.begin(fed, 5, 5)) {
                    body.send("wor".getBytes());
                    Awaitility.await().until(() -> tus.offset(fed) == 8);
                    assertDeletedThere(owner, other, fed, () -> body.sendLate("ld".getBytes()));
                    assertThat(body.status()).isNotEqualTo(204);
                }
                assertThat(owner.metric("narwhal_bodies_active")).isZero();
            }
        }
    }

    private void assertDeletedThere(NarwhalProcess owner, NarwhalProcess other, URI upload) throws Exception {
        assertDeletedThere(owner, other, upload, () -> {});
    }

    /** @param afterwards what happens between the deletion and the sweep */
    private void assertDeletedThere(NarwhalProcess owner, NarwhalProcess other, URI upload, Runnable afterwards)
            throws Exception {
        Path staged = staged(owner, upload);
        assertThat(staged).exists();
        assertThat(tus.delete(on(other, upload)).statusCode()).isEqualTo(204);
        afterwards.run();
        assertThat(tus.head(on(other, upload)).statusCode()).isEqualTo(404);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !Files.exists(staged) && tus.head(upload).statusCode() == 404);
    }

    private static Path staged(NarwhalProcess server, URI upload) {
        return server.dataDir()
                .resolve("staging")
                .resolve(id(upload).substring(0, 2))
                .resolve(id(upload));
    }

    @Test
    void diskNotMounted_itsUploadsWait_andGoOnWhenItIsBack() throws Exception {
        FreezableDisk.assumePossible();
        Path expected = Files.writeString(dir.resolve("expected"), "helloworld");
        Path data = dir.resolve("data");
        try (FreezableDisk disk = FreezableDisk.at(data.resolve("staging"), 64)) {
            String sweep = "--narwhal.upload.sweep-interval=1s";
            String reserve = "--narwhal.staging.reserve=1MB";
            URI half;
            URI whole;
            try (NarwhalProcess server = NarwhalProcess.start(data, with(UNREACHABLE, sweep, reserve))) {
                half = begun(server);
                whole = finished(server);
                server.stop();
            }
            disk.unmount();
            URI meanwhile;
            try (NarwhalProcess server = NarwhalProcess.start(data, sweep, reserve)) {
                assertAbsent(on(server, half));
                // Others go on, on the disk below.
                DeliveredFiles.in(server.delivered()).assertHolds(finished(server), expected);
                meanwhile = begun(server);
                assertThat(delivered(server)).isEqualTo(1);
                server.stop();
            }
            disk.mount();
            try (NarwhalProcess server = NarwhalProcess.start(data, sweep, reserve)) {
                assertGoesOn(server, on(server, half), expected);
                DeliveredFiles.in(server.delivered()).assertHolds(whole, expected);
                assertAbsent(on(server, meanwhile));
            }
        }
    }

    /** No file of it is open: nobody is in the way of whoever unmounts it. */
    @Test
    void diskUnmountedUnderTheServer_itsUploadsWait_andGoOnWhenItIsBack() throws Exception {
        FreezableDisk.assumePossible();
        Path expected = Files.writeString(dir.resolve("expected"), "helloworld");
        Path data = dir.resolve("data");
        try (FreezableDisk disk = FreezableDisk.at(data.resolve("staging"), 64);
                NarwhalProcess server = NarwhalProcess.start(data, "--narwhal.staging.reserve=1MB")) {
            URI half = begun(server);
            disk.unmount();
            assertAbsent(half);
            assertThat(tus.tryCreate(server.uploads(), 10, "new.txt").statusCode())
                    .isEqualTo(423);
            assertThat(data.resolve("staging")).isEmptyDirectory();
            disk.mount();
            assertGoesOn(server, half, expected);
            assertThat(server.log()).doesNotContain("staging.damaged");
        }
    }

    private URI begun(NarwhalProcess server) throws Exception {
        URI upload = tus.create(server.uploads(), 10, "half.txt");
        assertThat(tus.patch(upload, 0, "hello".getBytes()).statusCode()).isEqualTo(204);
        return upload;
    }

    private URI finished(NarwhalProcess server) throws Exception {
        URI upload = begun(server);
        assertThat(tus.patch(upload, 5, "world".getBytes()).statusCode()).isEqualTo(204);
        return upload;
    }

    private void assertAbsent(URI upload) throws Exception {
        assertThat(tus.head(upload).statusCode()).isEqualTo(423);
        assertThat(tus.patch(upload, 5, "world".getBytes()).statusCode()).isEqualTo(423);
    }

    /** A body on the one node is not disturbed by who asks for it on the other. */
    private void assertLivesOn(NarwhalProcess owner, URI upload, URI elsewhere) throws Exception {
        try (HandFedPatch live = HandFedPatch.begin(upload, 5, 5)) {
            double before = owner.metric("narwhal_bodies_received_bytes_total");
            live.send("wor".getBytes());
            Awaitility.await().until(() -> owner.metric("narwhal_bodies_received_bytes_total") == before + 3);
            assertAbsent(elsewhere);
            assertThat(tus.offset(upload)).isEqualTo(8);
        }
        Awaitility.await().until(() -> owner.metric("narwhal_bodies_active") == 0);
    }

    private void assertGoesOn(NarwhalProcess server, URI upload, Path expected) throws Exception {
        int offset = (int) tus.offset(upload);
        assertThat(offset).isGreaterThanOrEqualTo(5);
        byte[] rest = "helloworld".substring(offset).getBytes();
        assertThat(tus.patch(upload, offset, rest).statusCode()).isEqualTo(204);
        DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
    }

    /** The same upload's URL on another port. */
    private static URI on(NarwhalProcess server, URI upload) {
        return server.root().resolve(upload.getPath());
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new);
    }

    private static long delivered(NarwhalProcess server) throws IOException {
        try (Stream<Path> files = Files.walk(server.delivered())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(".narwhal-destination"))
                    .count();
        }
    }

    /** Expires, and is swept, so long from now. */
    private static void due(EmbeddedPostgres database, URI upload, String in) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        update upload set expires_at = now() + cast(? as interval), sweep_at = now() + cast(? as interval)
                        where id = ?
                        """)) {
            statement.setString(1, in);
            statement.setString(2, in);
            statement.setString(3, id(upload));
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private static String state(EmbeddedPostgres database, URI upload) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement("select state from upload where id = ?")) {
            statement.setString(1, id(upload));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "none";
            }
        }
    }

    private static String id(URI upload) {
        return upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
    }
}
