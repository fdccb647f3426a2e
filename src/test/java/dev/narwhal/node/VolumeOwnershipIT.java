package dev.narwhal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.RowFence;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadListeners;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.VolumeLostException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has a volume, on a database that processes share. */
class VolumeOwnershipIT {

    /** A test that had to wait for this would not end. */
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private static final HeldLock HERE = new HeldLock("boot-1", 8L, 12L);
    private static final HeldLock COPY = new HeldLock("boot-1", 8L, 13L);

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgres postgres;

    @SuppressWarnings("NullAway.Init")
    private static TestDatabase database;

    private final String volume = UploadId.random().value();
    private final VolumeRepository volumes =
            new VolumeRepository(database.jdbc(), database.committer(), Clock.systemUTC());
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    @BeforeAll
    static void open() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        database = TestDatabase.postgres(postgres.getJdbcUrl("postgres", "postgres"));
    }

    @AfterAll
    static void close() throws IOException {
        database.close();
        postgres.close();
    }

    @BeforeEach
    void forget() {
        database.jdbc().sql("delete from volume").update();
    }

    private VolumeRow process(HeldLock lock) {
        return new VolumeRow(volume, "somewhere", volumes.nextIncarnation(), 4711, lock, 1, true);
    }

    private VolumeRow take(VolumeRow mine, Duration patience) {
        return new VolumeClaim(volumes, patience).take(mine);
    }

    private VolumeRow row() {
        return volumes.find(volume).orElseThrow();
    }

    private VolumeOwnership keep(VolumeRepository through, VolumeRow taken, Duration interval) {
        LocalVolume local = new LocalVolume() {
            @Override
            public String id() {
                return volume;
            }

            @Override
            public HeldLock lock() {
                return taken.lock();
            }

            @Override
            public void lose() {
                lost.incrementAndGet();
            }
        };
        return VolumeOwnership.keep(through, local, taken, interval, ended::incrementAndGet);
    }

    @Test
    void take_nobodyHadIt_atOnce() {
        VolumeRow mine = take(process(HERE), FOR_EVER);

        assertThat(row()).isEqualTo(mine);
        assertThat(mine.held()).isTrue();
    }

    @Test
    void take_whoeverHoldsTheVeryLock_atOnce() {
        VolumeRow dead = take(process(HERE), FOR_EVER);

        VolumeRow mine = take(process(HERE), FOR_EVER);

        assertThat(row()).isEqualTo(mine);
        assertThat(mine.incarnation()).isGreaterThan(dead.incarnation());
        assertThat(volumes.beat(dead)).isFalse();
    }

    @Test
    void take_givenBack_atOnceByAnybody() {
        keep(volumes, take(process(HERE), FOR_EVER), FOR_EVER).close();
        assertThat(row().held()).isFalse();

        VolumeRow mine = take(process(COPY), FOR_EVER);

        assertThat(row()).isEqualTo(mine);
    }

    @Test
    void take_whileTheCounterMoves_isRefusedWithASentence() {
        VolumeRow owner = take(process(HERE), FOR_EVER);
        try (VolumeOwnership alive = keep(volumes, owner, Duration.ofMillis(20))) {
            assertThatExceptionOfType(VolumeInUseException.class)
                    .isThrownBy(() -> take(process(COPY), FOR_EVER))
                    .withMessageContaining("process 4711 on somewhere, incarnation " + owner.incarnation())
                    .withMessageContaining("narwhal.data-dir");
            assertThat(alive.isLost()).isFalse();
            assertThat(row().incarnation()).isEqualTo(owner.incarnation());
        }
    }

    @Test
    void take_counterStandsStill_afterAWhile() {
        VolumeRow owner = take(process(HERE), FOR_EVER);

        VolumeRow mine = take(process(COPY), Duration.ofMillis(500));

        assertThat(row()).isEqualTo(mine);
        assertThat(row().isMovedSince(owner)).isTrue();
    }

    @Test
    void beat_afterItWasTakenOver_endsTheProcessOnce() {
        VolumeOwnership paused = keep(volumes, take(process(HERE), FOR_EVER), FOR_EVER);
        VolumeRow successor = take(process(COPY), Duration.ZERO);

        paused.beat();
        paused.beat();

        assertThat(paused.isLost()).isTrue();
        assertThat(lost).hasValue(1);
        assertThat(ended).hasValue(1);
        paused.close();
        assertThat(row()).as("it gives nothing back that is not its own").isEqualTo(successor);
    }

    /** A machine that was copied while it ran: both have the same incarnation, and one of them moves the counter first. */
    @Test
    void beat_byATwin_endsTheOther() {
        VolumeRow taken = take(process(HERE), FOR_EVER);
        VolumeOwnership one = keep(volumes, taken, FOR_EVER);
        VolumeOwnership other = keep(volumes, taken, FOR_EVER);

        one.beat();
        other.beat();

        assertThat(one.isLost()).isFalse();
        assertThat(other.isLost()).isTrue();
        one.close();
        other.close();
    }

    @Test
    void beat_answerLost_goesOn() {
        AtomicBoolean losing = new AtomicBoolean();
        RowCommitter forgetful = new RowCommitter() {
            @Override
            public <T extends @Nullable Object> T commit(Supplier<T> statements) {
                T result = database.committer().commit(statements);
                if (losing.getAndSet(false)) {
                    throw new IllegalStateException("the answer is lost");
                }
                return result;
            }
        };
        VolumeRepository through = new VolumeRepository(database.jdbc(), forgetful, Clock.systemUTC());
        VolumeOwnership ownership = keep(through, take(process(HERE), FOR_EVER), FOR_EVER);
        losing.set(true);

        ownership.beat();
        assertThat(row().heartbeat()).isEqualTo(2);
        ownership.beat();
        ownership.beat();

        assertThat(ownership.isLost()).isFalse();
        assertThat(row().heartbeat()).isEqualTo(3);
        ownership.close();
        assertThat(row().held()).isFalse();
    }

    /** A replica that was behind has become the primary. */
    @Test
    void beat_databaseHasGoneBack_goesOn() {
        VolumeOwnership ownership = keep(volumes, take(process(HERE), FOR_EVER), FOR_EVER);
        ownership.beat();
        database.jdbc().sql("update volume set heartbeat = 1").update();
        ownership.beat();
        ownership.beat();
        assertThat(row().heartbeat()).isEqualTo(2);
        database.jdbc().sql("delete from volume").update();
        ownership.beat();

        assertThat(ownership.isLost()).isFalse();
        assertThat(row().held()).isTrue();
        ownership.close();
    }

    @Test
    void keep_beatsByItself() {
        try (VolumeOwnership ownership = keep(volumes, take(process(HERE), FOR_EVER), Duration.ofMillis(10))) {
            Awaitility.await().until(() -> row().heartbeat() > 5);
            assertThat(ownership.sinceLastBeat()).isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void fence_ownerMovesItsRows_andOneThatLostTheVolumeMovesNone() {
        VolumeOwnership owner = keep(volumes, take(process(HERE), FOR_EVER), FOR_EVER);
        UploadRepository uploads = uploads(owner);
        Upload begun = uploads.advance(uploads.create(upload(null)), 5, 1).orElseThrow();
        Upload declared = uploads.declareLength(begun, 10, 2).orElseThrow();
        VolumeOwnership successor = keep(volumes, take(process(COPY), Duration.ZERO), FOR_EVER);

        assertThat(uploads.advance(declared, 10, 3)).isEmpty();
        Upload wanted = upload(10L);
        assertThatExceptionOfType(VolumeLostException.class).isThrownBy(() -> uploads.create(wanted));

        assertThat(uploads.find(declared.id())).contains(declared);
        assertThat(uploads.find(wanted.id())).isEmpty();
        assertThat(uploads(successor).advance(declared, 10, 4)).isPresent();
        owner.close();
        successor.close();
    }

    private Upload upload(@Nullable Long length) {
        Instant now = Instant.parse("2026-03-01T10:00:00Z");
        return UploadBuilder.upload()
                .owner("")
                .length(length)
                .createdAt(now)
                .volume(volume)
                .build();
    }

    private static UploadRepository uploads(RowFence fence) {
        return new UploadRepository(
                database.jdbc(),
                database.committer(),
                UploadListeners.of(),
                Duration.ofHours(1),
                Long.MAX_VALUE,
                fence,
                Duration.ZERO,
                Clock.systemUTC());
    }
}
