package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.SmallDisk;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole data directory, embedded database and all, on a disk that fills up and becomes free again under a running server
 * and its clients. None of them loses a byte that was acknowledged, and nothing has to be restarted.
 */
@Tag("faults")
@Timeout(600)
class FullDiskIT {

    private static final Logger log = LoggerFactory.getLogger(FullDiskIT.class);
    private static final int MIB = 1 << 20;
    private static final int DISK = 160;
    private static final int RESERVE = 24;
    private static final int CLIENTS = 8;
    private static final int FILE = 8 * MIB;
    private static final int ROOM = 24;
    private static final int UNWANTED = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path dir;

    private final Random luck = FaultRounds.luck("FullDiskIT");

    /** The reserve is what bodies leave alone: the database goes on by it. */
    @ParameterizedTest
    @EnumSource
    void disk_fillsUpToTheReserve_bodiesStopAndGoOnWhenThereIsRoom(SmallDisk.Kind kind) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(kind, dir, DISK);
                NarwhalProcess server = start(disk);
                PlainTus tus = new PlainTus()) {
            for (int round = 0; round < FaultRounds.times(1); round++) {
                URI before = tus.create(server.uploads(), 10, "before.bin");
                disk.fill((long) (RESERVE + ROOM) * MIB);
                try (Crowd crowd = crowd(server)) {
                    Awaitility.await().atMost(PATIENCE).until(() -> crowd.answered("PATCH 507") >= 4);

                    assertThat(disk.free())
                            .as("the reserve, but for what the database took")
                            .isGreaterThan(RESERVE / 2L * MIB);
                    assertThat(tus.tryCreate(server.uploads(), FILE, "x").statusCode())
                            .isEqualTo(507);
                    assertThat(tus.offset(before)).isZero();
                    assertThat(tus.delete(before).statusCode()).isEqualTo(204);
                    assertThat(Health.of(server, "")).contains("\"db\":{\"status\":\"UP\"");
                    assertThat(Health.status(server, "readiness")).isEqualTo(200);
                    disk.release();
                    crowd.assertAll((upload, content) -> isDelivered(server, upload, content));
                    log.info("{}: {}", kind, crowd.answers());
                }
            }
            assertThat(server.log()).doesNotContain("database.commit-failed", "request.failed");
        }
    }

    /** Beyond the reserve: somebody else takes all there is, so that the database cannot write either. */
    @ParameterizedTest
    @EnumSource(names = "EXT4")
    void disk_filledBySomebodyElse_everythingGoesOnWhenThereIsRoom(SmallDisk.Kind kind) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(kind, dir, DISK);
                NarwhalProcess server = start(disk);
                PlainTus tus = new PlainTus()) {
            for (int round = 0; round < FaultRounds.times(1); round++) {
                Map<URI, Integer> deleted = new LinkedHashMap<>();
                for (int i = 0; i < UNWANTED; i++) {
                    deleted.put(tus.create(server.uploads(), 10, "unwanted.bin"), 0);
                }
                try (Crowd crowd = crowd(server)) {
                    Awaitility.await().until(() -> crowd.bodies() >= CLIENTS);
                    disk.fill(0);
                    deleteUntilTheDatabaseFails(disk, tus, deleted);
                    Awaitility.await().atMost(PATIENCE).until(() -> crowd.answered("PATCH 507") >= CLIENTS);
                    assertThat(Health.status(server, "liveness")).isEqualTo(200);
                    disk.release();
                    crowd.assertAll((upload, content) -> isDelivered(server, upload, content));
                    log.info("{}: {}, deleted {}", kind, crowd.answers(), new TreeSet<>(deleted.values()));
                    assertThat(server.log()).doesNotContain("request.failed");
                }
                for (Map.Entry<URI, Integer> each : deleted.entrySet()) {
                    int found = tus.head(each.getKey()).statusCode();
                    assertThat(found).isIn(each.getValue() == 204 ? List.of(404) : List.of(404, 200));
                }
            }
        }
    }

    /** Each takes a row's worth of room in the database, whose file has some left when the disk is full. */
    private static void deleteUntilTheDatabaseFails(SmallDisk disk, PlainTus tus, Map<URI, Integer> uploads)
            throws Exception {
        for (Map.Entry<URI, Integer> upload : uploads.entrySet()) {
            upload.setValue(tus.delete(upload.getKey()).statusCode());
            if (upload.getValue() == 503) {
                return;
            }
            assertThat(upload.getValue()).isEqualTo(204);
            disk.fill(0);
        }
        throw new AssertionError("The database has never been short of room");
    }

    private static NarwhalProcess start(SmallDisk disk) throws Exception {
        return NarwhalProcess.start(disk.root().resolve("data"), "--narwhal.staging.reserve=" + RESERVE + "MB");
    }

    private Crowd crowd(NarwhalProcess server) {
        return Crowd.start(server.uploads(), FILE, MIB, CLIENTS, luck);
    }

    /** The room is wanted for the next round. */
    private void isDelivered(NarwhalProcess server, URI upload, byte[] content) throws Exception {
        DeliveredFiles delivered = DeliveredFiles.in(server.delivered());
        delivered.assertHolds(upload, Files.write(dir.resolve("expected"), content));
        Files.delete(delivered.await(upload));
    }
}
