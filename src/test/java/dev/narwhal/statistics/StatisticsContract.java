package dev.narwhal.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.DeliveryVeto;
import dev.narwhal.upload.Race;
import dev.narwhal.upload.RetentionRepository;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each upload counts once, on every database. */
abstract class StatisticsContract {

    private static final Instant LATER = Instant.parse("2036-01-01T00:00:00Z");
    private static final String VOLUME = "volume-of-statistics";

    private final SettableClock clock = new SettableClock();

    @SuppressWarnings("NullAway.Init")
    private Process process;

    abstract TestDatabase database();

    @BeforeEach
    void begin() {
        for (String table : List.of(
                "delivery",
                "upload",
                "statistics",
                "statistics_cursor",
                "statistics_open",
                "statistics_missed",
                "scheduled_tasks")) {
            database().jdbc().sql("delete from " + table).update();
        }
        process = new Process(VOLUME, database().committer());
    }

    /** One process, as far as it has statistics. */
    private final class Process {

        private final String volume;
        private final MissedUploads missed;
        private final StatisticsRollup rollup;
        private final UploadRepository uploads;

        Process(String volume, RowCommitter committer) {
            this.volume = volume;
            var jdbc = database().jdbc();
            missed = MissedUploads.of(jdbc, database().committer(), volume);
            rollup = new StatisticsRollup(jdbc, committer, missed, volume, clock);
            uploads = database().repository(missed, clock);
        }

        Upload create(String owner, long length) {
            return uploads.create(planned(owner, length).build());
        }

        UploadBuilder planned(String owner, long length) {
            return UploadBuilder.upload()
                    .owner(owner)
                    .volume(volume)
                    .length(length)
                    .createdAt(clock.instant());
        }

        Upload finish(Upload upload) {
            long length = upload.length() == null ? 0 : upload.length();
            return uploads.advance(upload, length, upload.leaseToken()).orElseThrow();
        }

        void move(Upload upload, UploadState from, UploadState to) {
            assertThat(uploads.moveState(upload.id(), from, to, () -> true)).isTrue();
        }

        void deliver(Upload upload) {
            move(upload, UploadState.FINISHED, UploadState.DELIVERED);
        }

        void removeRow(Upload upload) {
            Upload now = uploads.find(upload.id()).orElseThrow();
            assertThat(database().retention(new NoDeliveries(), missed).remove(now))
                    .isEqualTo(RetentionRepository.Outcome.REMOVED);
        }

        /** Twice: the first run says up to where the second one reads. */
        void count() {
            clock.pass(Duration.ofSeconds(1));
            for (int run = 0; run < 2; run++) {
                while (rollup.run(() -> false)) {
                    // There was more than one part of it.
                }
            }
        }
    }

    private static final class NoDeliveries implements DeliveryVeto {

        @Override
        public boolean cancel(UploadId id) {
            return true;
        }

        @Override
        public boolean removeDelivery(UploadId id) {
            return true;
        }
    }

    private List<Sums> sums(Span span, @Nullable String owner) {
        return new SumsRows(database().jdbc()).read(span, owner, Instant.EPOCH, LATER);
    }

    private Sums today() {
        List<Sums> days = sums(Span.DAY, null);
        assertThat(days).hasSize(1);
        return days.getFirst();
    }

    private static List<Long> counts(Sums sums) {
        return List.of(
                sums.created(), sums.finished(), sums.delivered(), sums.failed(), sums.expired(), sums.terminated());
    }

    @Test
    void uploads_throughTheirLives_countInTheirHours() {
        Upload delivered = process.create("anna", 30_000);
        Upload expired = process.create("anna", 500);
        Upload terminated = process.create("ben", 700);
        process.count();
        assertThat(counts(today())).isEqualTo(List.of(3L, 0L, 0L, 0L, 0L, 0L));
        clock.pass(Duration.ofHours(1).minusSeconds(1));
        Upload finished = process.finish(delivered);
        process.uploads.advance(expired, 200, 0);
        process.count();
        clock.pass(Duration.ofHours(1).minusSeconds(1));
        process.deliver(finished);
        process.move(expired, UploadState.RECEIVING, UploadState.EXPIRED);
        assertThat(process.uploads.terminate(terminated)).isTrue();

        process.count();
        process.count();

        assertThat(sums(Span.HOUR, null))
                .extracting(StatisticsContract::counts)
                .containsExactly(
                        List.of(3L, 0L, 0L, 0L, 0L, 0L),
                        List.of(0L, 1L, 0L, 0L, 0L, 0L),
                        List.of(0L, 0L, 1L, 0L, 1L, 1L));
        assertThat(sums(Span.HOUR, "ben"))
                .extracting(StatisticsContract::counts)
                .containsExactly(List.of(1L, 0L, 0L, 0L, 0L, 0L), List.of(0L, 0L, 0L, 0L, 0L, 1L));
        Sums day = today();
        assertThat(counts(day)).isEqualTo(List.of(3L, 1L, 1L, 0L, 1L, 1L));
        assertThat(day.receivedBytes()).isEqualTo(30_200);
        assertThat(day.deliveredBytes()).isEqualTo(30_000);
        assertThat(day.successRate()).isEqualTo(1 / 3.0);
        assertThat(day.meanBytesPerSecond()).isEqualTo(Math.round(30_000 / 3_600.0));
        assertThat(day.sizes())
                .extracting(Sums.SizeRange::uploads)
                .containsExactly(0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
        assertThat(day.sizes().get(1).below()).isEqualTo(100_000L);
    }

    @Test
    void upload_deletedAfterItsDelivery_countsAsDelivered() {
        Upload upload = process.finish(process.create("anna", 10));
        process.deliver(upload);
        addDelivery(upload, clock.instant());
        Upload delivered = process.uploads.find(upload.id()).orElseThrow();
        assertThat(process.uploads.terminate(delivered)).isTrue();

        process.count();

        assertThat(counts(today())).isEqualTo(List.of(1L, 1L, 1L, 0L, 0L, 0L));
    }

    private void addDelivery(Upload upload, Instant delivered) {
        database()
                .jdbc()
                .sql("""
                        insert into delivery (upload_id, destination, status, created_at, updated_at, delivered_at)
                        values (:id, 'default', 'DELIVERED', :at, :at, :at)
                        """)
                .param("id", upload.id().value())
                .param("at", delivered.atOffset(ZoneOffset.UTC))
                .update();
    }

    @Test
    void failure_countsUntilItIsRetried() {
        Upload retried = process.finish(process.create("anna", 10));
        Upload deleted = process.finish(process.create("anna", 10));
        process.move(retried, UploadState.FINISHED, UploadState.FAILED);
        process.move(deleted, UploadState.FINISHED, UploadState.FAILED);
        process.count();
        assertThat(counts(today())).isEqualTo(List.of(2L, 2L, 0L, 2L, 0L, 0L));

        process.move(retried, UploadState.FAILED, UploadState.FINISHED);
        process.deliver(retried);
        assertThat(process.uploads.terminate(process.uploads.find(deleted.id()).orElseThrow()))
                .isTrue();
        process.count();

        assertThat(counts(today())).isEqualTo(List.of(2L, 2L, 1L, 1L, 0L, 0L));
    }

    @Test
    void partials_doNotCount_andFinalsHaveNoSpeed() {
        process.uploads.create(
                process.planned("anna", 10).kind(UploadKind.PARTIAL).build());
        Upload assembled = process.uploads.create(
                process.planned("anna", 10).kind(UploadKind.FINAL).build());
        process.finish(assembled);

        process.count();

        assertThat(counts(today())).isEqualTo(List.of(1L, 1L, 0L, 0L, 0L, 0L));
        assertThat(today().meanBytesPerSecond()).isNull();
    }

    @Test
    void row_removedBeforeItIsCounted_counts() {
        Upload never = process.finish(process.create("anna", 10));
        process.deliver(never);
        process.removeRow(never);
        Upload open = process.create("anna", 10);
        process.count();
        process.deliver(process.finish(open));
        process.removeRow(open);
        Upload ended = process.finish(process.create("anna", 10));
        process.deliver(ended);

        process.count();
        process.removeRow(ended);
        process.count();

        assertThat(counts(today())).isEqualTo(List.of(3L, 3L, 3L, 0L, 0L, 0L));
        assertThat(rows("statistics_open") + rows("statistics_missed")).isZero();
    }

    private long rows(String table) {
        return database()
                .jdbc()
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }

    @Test
    void upload_addedBehindTheCursor_counts() {
        UploadBuilder slow = process.planned("anna", 10);
        process.count();
        clock.pass(Duration.ofMinutes(10));
        process.count();
        Upload late = process.uploads.create(slow.build());
        process.count();
        assertThat(counts(today())).isEqualTo(List.of(1L, 0L, 0L, 0L, 0L, 0L));

        process.deliver(process.finish(late));
        process.count();

        assertThat(counts(today())).isEqualTo(List.of(1L, 1L, 1L, 0L, 0L, 0L));
    }

    /** Added between the beginning of one run and the next one, which still meets it. */
    @Test
    void upload_addedWhereTheCursorComesNext_countsOnce() {
        UploadBuilder slow = process.planned("anna", 10);
        UploadBuilder removed = process.planned("anna", 10);
        clock.pass(Duration.ofMinutes(1));
        process.rollup.run(() -> false);
        process.uploads.create(slow.build());
        Upload gone = process.finish(process.uploads.create(removed.build()));
        process.deliver(gone);
        process.removeRow(gone);

        process.count();

        assertThat(counts(today())).isEqualTo(List.of(2L, 1L, 1L, 0L, 0L, 0L));
    }

    @Test
    void clock_setBackBeforeARestart_losesNothing() {
        process.create("anna", 10);
        clock.pass(Duration.ofHours(2));
        process.count();
        clock.pass(Duration.ofHours(-1));
        Process restarted = new Process(VOLUME, database().committer());
        restarted.create("anna", 10);

        restarted.count();
        clock.pass(Duration.ofHours(3));
        restarted.count();

        assertThat(today().created()).isEqualTo(2);
    }

    /** Each crash is another: after the statements of the first transaction, of the second, and so on. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void crash_inAnyTransaction_countsNothingTwiceAndForgetsNothing(int survived) {
        Upload before = process.create("anna", 10);
        Upload removed = process.finish(process.create("anna", 10));
        process.deliver(removed);
        process.count();
        process.removeRow(removed);
        process.deliver(process.finish(before));
        process.create("anna", 10);
        process.uploads.create(process.planned("anna", 10)
                .createdAt(clock.instant().minusSeconds(60))
                .build());
        Process crashing = new Process(VOLUME, new CrashingCommitter(database().committer(), survived));
        try {
            crashing.count();
        } catch (IllegalStateException crash) {
            assertThat(crash).hasMessage("crashed");
        }

        Process next = new Process(VOLUME, database().committer());
        next.count();
        next.count();

        assertThat(counts(today())).isEqualTo(List.of(4L, 2L, 2L, 0L, 0L, 0L));
    }

    /** Fails one commit after its statements, and all that follow. */
    private record CrashingCommitter(RowCommitter real, int[] left) implements RowCommitter {

        CrashingCommitter(RowCommitter real, int survived) {
            this(real, new int[] {survived});
        }

        @Override
        public <T extends @Nullable Object> T commit(Supplier<T> statements) {
            return real.commit(() -> {
                T result = statements.get();
                if (left[0]-- <= 0) {
                    throw new IllegalStateException("crashed");
                }
                return result;
            });
        }
    }

    @Test
    void twoNodes_atOnce_countAllUploadsOnce() throws Exception {
        Process other = new Process("another-volume", database().committer());
        for (int i = 0; i < 30; i++) {
            process.deliver(process.finish(process.create("anna", 10)));
            other.deliver(other.finish(other.create("owner-" + i, 10)));
        }

        List<Process> twoOfEach =
                List.of(process, other, new Process(VOLUME, database().committer()), other);
        Race.run(4, node -> {
            twoOfEach.get(node).count();
            return node;
        });
        twoOfEach.forEach(Process::count);

        assertThat(counts(today())).isEqualTo(List.of(60L, 60L, 60L, 0L, 0L, 0L));
    }

    /** Whoever removes rows while they are counted, and whoever comes first. */
    @Test
    void rows_removedWhileTheyAreCounted_countOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<Upload> uploads = IntStream.range(0, 20)
                    .mapToObj(unused -> process.finish(process.create("anna", 10)))
                    .toList();
            uploads.forEach(process::deliver);
            Race.run(2, thread -> {
                if (thread == 0) {
                    process.count();
                } else {
                    uploads.forEach(process::removeRow);
                }
                return thread;
            });
        }
        process.count();

        assertThat(counts(today())).isEqualTo(List.of(100L, 100L, 100L, 0L, 0L, 0L));
        assertThat(rows("statistics_open") + rows("statistics_missed")).isZero();
    }

    @Test
    void hours_goAfterTheirTime_andDaysStay() {
        Upload old = process.create("anna", 10);
        process.count();
        clock.pass(Span.HOURS_KEPT.plusHours(2));
        process.finish(old);

        process.count();

        assertThat(sums(Span.HOUR, null))
                .extracting(StatisticsContract::counts)
                .containsExactly(List.of(0L, 1L, 0L, 0L, 0L, 0L));
        assertThat(sums(Span.DAY, null)).hasSize(2);
    }

    @Test
    void owners_beyondTheBound_countWithEverybodyAlone() {
        Tally tally = new Tally(Instant.EPOCH);
        int owners = TallyRows.MOST_OWNERS + 5;
        for (int i = 0; i < owners; i++) {
            tally.add("owner-" + i, clock.instant(), Measure.CREATED, 1);
        }
        database().committer().commit(() -> {
            new TallyRows(database().jdbc()).add(tally);
            return tally;
        });

        assertThat(today().created()).isEqualTo(owners);
        assertThat(rows("statistics where span = 'DAY' and not everybody")).isEqualTo(TallyRows.MOST_OWNERS);
    }

    @Test
    void uploads_createdAtTheSameTime_areCountedInPages() {
        int many = 1_100;
        createMany(many);

        process.count();

        assertThat(today().created()).isEqualTo(many);
        assertThat(sums(Span.DAY, "")).isEmpty();
    }

    final void createMany(int many) {
        for (int i = 0; i < many; i++) {
            process.create("", 10);
        }
    }

    /** What each page asks; with values, for the plan. */
    static String page() {
        return NewUploads.PAGE
                .replace(":volume", "'v'")
                .replace(":from", "timestamp with time zone '2026-01-01 00:00:00+00'")
                .replace(":before", "timestamp with time zone '2026-01-02 00:00:00+00'")
                .replace(":after", "''")
                .replace(":page", "500");
    }
}
