package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.ingest.CleanupProperties.Orphans;
import dev.narwhal.ingest.OrphanSweep.Result;
import dev.narwhal.upload.InventoryRepository;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares real files with the rows of a real database: the sweep removes files without a row, and no others. */
abstract class OrphanSweepContract {

    private static final Instant OLD = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private ExpiryFixture server;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        server = new ExpiryFixture(folder, database());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Result sweep(Orphans what, int share, Clock clock) throws IOException {
        return sweep(what, share, clock, database().inventory());
    }

    private Result sweep(Orphans what, int share, Clock clock, InventoryRepository inventory) throws IOException {
        CleanupProperties settings = new CleanupProperties(what, Duration.ofHours(24), Duration.ofHours(24), share);
        return new OrphanSweep(files(inventory), settings, clock).run(() -> false);
    }

    private OrphanFiles files(InventoryRepository inventory) {
        return new OrphanFiles(server.files, server.staging, inventory, server.uploads, server.leases);
    }

    private Result remove() throws IOException {
        return sweep(Orphans.REMOVE, 100, Clock.systemUTC());
    }

    private Path path(UploadId id) {
        return folder.resolve("staging").resolve(id.value().substring(0, 2)).resolve(id.value());
    }

    private Path file(Path path, String content, Instant modified) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
        return Files.setLastModifiedTime(path, FileTime.from(modified));
    }

    private Path orphan(String content) throws IOException {
        return file(path(UploadId.random()), content, OLD);
    }

    @Test
    void report_removesNothing() throws IOException {
        Path orphan = orphan("abc");
        Path empty = orphan("");

        assertThat(sweep(Orphans.REPORT, 100, Clock.systemUTC())).isEqualTo(new Result(2, 2, 1, 3, 0));

        assertThat(orphan).exists();
        assertThat(empty).exists();
    }

    @Test
    void off_looksAtNothing() throws IOException {
        Path orphan = orphan("abc");

        assertThat(sweep(Orphans.OFF, 100, Clock.systemUTC()).files()).isZero();

        assertThat(orphan).exists();
    }

    @Test
    void remove_takesWhatIsOldAndHasNoRow() throws IOException {
        Path orphan = orphan("abc");
        Path young = file(path(UploadId.random()), "abc", Instant.now().minus(Duration.ofHours(23)));

        assertThat(remove()).isEqualTo(new Result(2, 1, 1, 3, 1));

        assertThat(orphan).doesNotExist();
        assertThat(young).exists();
    }

    @ParameterizedTest
    @EnumSource
    void remove_leavesWhatHasARowOfWhateverState(UploadState state) throws IOException {
        Upload upload = server.create();
        database()
                .jdbc()
                .sql("update upload set state = :state, \"offset\" = length, finished_at = created_at, volume = 'v'"
                        + " where id = :id")
                .param("state", state.name())
                .param("id", upload.id().value())
                .update();
        file(path(upload.id()), "abc", OLD);

        assertThat(remove().removed()).isZero();

        assertThat(path(upload.id())).exists();
    }

    @Test
    void remove_leavesWhatIsNoUploadsFile() throws IOException {
        UploadId id = UploadId.random();
        List<Path> others = List.of(
                file(path(id).resolveSibling("notes.txt"), "a", OLD),
                file(path(id).resolveSibling(id.value() + "0"), "a", OLD),
                file(path(id).resolveSibling(id.value().substring(0, 4) + "A".repeat(28)), "a", OLD),
                file(folder.resolve("staging").resolve(id.value()), "a", OLD),
                file(folder.resolve("staging/zz/zz").resolve(id.value()), "a", OLD),
                file(path(UploadId.random()).resolve("inside"), "a", OLD));

        assertThat(remove()).isEqualTo(new Result(0, 0, 0, 0, 0));

        assertThat(others).allSatisfy(other -> assertThat(other).exists());
        assertThat(folder.resolve("staging/.volume")).exists();
    }

    /** As when the database was restored from an older backup. */
    @Test
    void remove_whenTooManyHaveNoRow_takesOnlyEmptyOnes() throws IOException {
        for (int i = 0; i < 9; i++) {
            server.append(server.create(), "abc");
        }
        Path orphan = orphan("abc");

        assertThat(sweep(Orphans.REMOVE, 10, Clock.systemUTC()).removed()).isOne();
        assertThat(orphan).doesNotExist();
        Path one = orphan("abc");
        Path another = orphan("abc");
        Path empty = orphan("");
        assertThat(sweep(Orphans.REMOVE, 10, Clock.systemUTC()).removed()).isOne();

        assertThat(empty).doesNotExist();
        assertThat(one).exists();
        assertThat(another).exists();
    }

    @Test
    void remove_whenToldToStop_takesNothingMore() throws IOException {
        Path orphan = orphan("abc");
        AtomicInteger asked = new AtomicInteger();
        CleanupProperties settings =
                new CleanupProperties(Orphans.REMOVE, Duration.ofHours(24), Duration.ofHours(24), 100);

        var unused = new OrphanSweep(files(database().inventory()), settings, Clock.systemUTC())
                .run(() -> asked.incrementAndGet() > 1);

        assertThat(orphan).exists();
    }

    private long removeCut(Instant completeSince, Instant started) throws IOException {
        return new CutCreations(files(database().inventory()), () -> completeSince, started).remove(() -> false);
    }

    @Test
    void cutCreations_areRemovedAtTheNextStart_andNothingElse() throws IOException {
        Path cut = orphan("abc");
        Path row = file(path(server.create().id()), "abc", OLD);

        assertThat(removeCut(OLD.minusSeconds(1), OLD.plusSeconds(1))).isOne();

        assertThat(cut).doesNotExist();
        assertThat(row).exists();
    }

    @Test
    void cutCreations_beforeTheDatabaseWasComplete_orOfThisProcess_stay() throws IOException {
        Path file = orphan("abc");

        assertThat(removeCut(OLD, OLD.plusSeconds(1))).isZero();
        assertThat(removeCut(OLD.minusSeconds(1), OLD)).isZero();

        assertThat(file).exists();
    }

    /** Runs between the read of the rows and the removal. */
    enum Meanwhile {
        WRITTEN_TO,
        HAS_A_ROW,
        HELD
    }

    @ParameterizedTest
    @EnumSource
    void remove_fileThatIsNoOrphanByThen_stays(Meanwhile meanwhile) throws IOException {
        UploadId id = server.create().id();
        Path file = file(path(id), "abc", OLD);
        if (meanwhile != Meanwhile.HAS_A_ROW) {
            database()
                    .jdbc()
                    .sql("delete from upload where id = :id")
                    .param("id", id.value())
                    .update();
        }
        InventoryRepository before = new InventoryRepository(database().jdbc()) {
            private int looks;

            @Override
            public Set<UploadId> known(Collection<UploadId> ids) {
                if (++looks == 2) {
                    happen(meanwhile, id, file);
                }
                return Set.of();
            }
        };

        assertThat(sweep(Orphans.REMOVE, 100, Clock.systemUTC(), before)).isEqualTo(new Result(1, 1, 1, 3, 0));

        assertThat(file).exists();
    }

    private void happen(Meanwhile meanwhile, UploadId id, Path file) {
        try {
            switch (meanwhile) {
                case WRITTEN_TO -> Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                case HELD ->
                    assertThat(server.leases.acquireForStep(id).isHeld()).isTrue();
                case HAS_A_ROW -> {}
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To this sweep every file is old, at whatever moment of its life it comes by. */
    @Test
    void remove_besideCreationsAppendsAndDeletions_takesNothingAlive() throws Exception {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(1000));
        Queue<Upload> alive = new ConcurrentLinkedQueue<>();
        Queue<Path> orphans = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Future<Long> sweeping = threads.submit(() -> {
                long removed = 0;
                while (!done.get()) {
                    removed += sweep(Orphans.REMOVE, 100, later).removed();
                }
                return removed;
            });
            List<Future<?>> clients = IntStream.range(0, 6)
                    .<Future<?>>mapToObj(client -> threads.submit(() -> {
                        for (int i = 0; i < 60; i++) {
                            live(alive, orphans, i);
                        }
                        return client;
                    }))
                    .toList();
            for (Future<?> client : clients) {
                client.get();
            }
            done.set(true);
            long removed = sweeping.get() + sweep(Orphans.REMOVE, 100, later).removed();
            assertThat(removed).isEqualTo(orphans.size());
        }

        assertThat(alive).hasSize(6 * 60 / 3);
        assertThat(alive).allSatisfy(upload -> assertThat(path(upload.id())).hasContent("0123456789"));
        assertThat(orphans).allSatisfy(orphan -> assertThat(orphan).doesNotExist());
    }

    private void live(Queue<Upload> alive, Queue<Path> orphans, int turn) throws IOException {
        Upload upload = server.append(server.create(), "01234");
        switch (turn % 3) {
            case 0 -> {
                server.uploads.terminate(upload);
                server.staging.delete(upload.id());
                Path orphan = path(UploadId.random());
                Files.createDirectories(orphan.getParent());
                orphans.add(Files.writeString(orphan, "abc"));
            }
            case 1 -> {
                server.move(server.append(upload, "56789"), UploadState.FINISHED, UploadState.DELIVERED);
                server.staging.delete(upload.id());
            }
            default -> alive.add(server.append(upload, "56789"));
        }
    }

    @Test
    void damage_isCountedAndNothingIsChanged() throws IOException {
        Upload whole = server.append(server.create(), "abc");
        Upload missing = server.append(server.create(), "abc");
        Files.delete(path(missing.id()));
        Upload cut = server.append(server.create(), "0123456789");
        Files.writeString(path(cut.id()), "01234");
        Upload longer = server.append(server.create(), "abc");
        Files.writeString(path(longer.id()), "abcdef");
        Upload delivered = server.append(server.create(), "0123456789");
        server.move(delivered, UploadState.FINISHED, UploadState.DELIVERED);
        Files.delete(path(delivered.id()));
        server.makeFinal(UploadState.RECEIVING, server.create(UploadKind.PARTIAL, 10));

        DamageSearch search = new DamageSearch(
                server.files, server.staging.volume(), database().inventory(), server.uploads);

        assertThat(search.run(() -> false)).isEqualTo(2);
        assertThat(server.uploads.find(missing.id())).contains(missing);
        assertThat(server.uploads.find(cut.id())).contains(cut);
        assertThat(path(cut.id())).hasContent("01234");
        assertThat(path(whole.id())).hasContent("abc");
    }

    @Test
    void summary_countsWhatIsOpenOnThisVolume() throws IOException {
        server.append(server.create(), "abc");
        server.append(server.create(UploadKind.PARTIAL, 10), "0123456789");
        server.append(server.create(), "0123456789");
        Upload failed = server.append(server.create(), "0123456789");
        server.move(failed, UploadState.FINISHED, UploadState.FAILED);
        Upload delivered = server.append(server.create(), "0123456789");
        server.move(delivered, UploadState.FINISHED, UploadState.DELIVERED);
        server.clock.pass(ExpiryFixture.EXPIRE_AFTER);
        server.create();

        var summary = database().inventory().summary(server.staging.volume(), server.clock.instant());

        assertThat(summary.receiving()).isEqualTo(2);
        assertThat(summary.bytes()).isEqualTo(3);
        assertThat(summary.expired()).isEqualTo(1);
        assertThat(summary.finished()).isEqualTo(1);
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(database().inventory().summary("another", Instant.now()).elsewhere())
                .isGreaterThanOrEqualTo(5);
    }
}
