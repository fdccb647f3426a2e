package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DuplicateKeyException;

/** What the repository promises on every database: rows that come back as they went, and offsets that one caller moves. */
abstract class UploadRepositoryContract extends UploadStatesContract {

    @Test
    void create_everyFieldSet_isFoundAsItWas() {
        Upload upload = upload().length(Long.MAX_VALUE)
                .offset(Long.MAX_VALUE - 1)
                .metadata("filename d29ybGQ=,is_confidential,empty ")
                .filename("na\u00efve \u6f22\u5b57 \ud83d\udc33 'quote' \\ %_ \t.txt")
                .kind(UploadKind.PARTIAL)
                .build();

        Upload row = uploads.create(upload);

        assertThat(uploads.find(upload.id())).contains(row);
        assertThat(row)
                .usingRecursiveComparison()
                .ignoringFields("lifecycle.expiresAt", "lifecycle.updatedAt")
                .isEqualTo(upload);
    }

    @Test
    void create_everythingOptionalAbsent_isFoundAsItWas() {
        Upload row = created(upload().length(null));

        assertThat(found(row)).isEqualTo(row);
        assertThat(row.metadata()).isNull();
        assertThat(row.length()).isNull();
    }

    @Test
    void create_emptyMetadata_staysEmptyAndDoesNotBecomeAbsent() {
        Upload row = created(upload().metadata("").filename(""));

        assertThat(found(row).metadata()).isEmpty();
        assertThat(found(row).filename()).isEmpty();
    }

    @Test
    void create_longMetadata_isKeptWhole() {
        String metadata = "key " + "QUJD".repeat(16_384);

        Upload row = created(upload().metadata(metadata));

        assertThat(found(row).metadata()).isEqualTo(metadata);
    }

    @Test
    void create_nulInFilename_isReplaced() {
        Upload row = created(upload().filename("a\0b"));

        assertThat(row.filename()).isEqualTo("a\uFFFDb");
        assertThat(found(row)).isEqualTo(row);
    }

    @Test
    void create_timesFinerThanMicroseconds_areCutAlikeInTheAnswerAndTheRow() {
        Upload row = created(upload().createdAt(Instant.parse("2026-03-01T10:15:30.123456999Z")));

        assertThat(row.createdAt()).isEqualTo(Instant.parse("2026-03-01T10:15:30.123456Z"));
        assertThat(found(row)).isEqualTo(row);
    }

    @Test
    void create_unfinished_expiresAfterTheSetTime() {
        Upload row = created(upload());

        assertThat(found(row).expiresAt()).isEqualTo(EXPIRY);
        assertThat(deliveries.queued(row.id())).isZero();
        assertThat(deliveries.wakes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "FINAL"})
    void create_finished_isQueuedAndNeverExpires(UploadKind kind) {
        Upload row = created(upload().kind(kind).length(0L).state(UploadState.FINISHED));

        assertThat(found(row)).isEqualTo(row);
        assertThat(row.finishedAt()).isEqualTo(NOW);
        assertThat(row.expiresAt()).isNull();
        assertThat(deliveries.queued(row.id())).isEqualTo(1);
        assertThat(deliveries.wakes()).isEqualTo(1);
    }

    @Test
    void create_finishedPartial_isNotQueuedAndStillExpires() {
        Upload row = created(upload().kind(UploadKind.PARTIAL).length(0L).state(UploadState.FINISHED));

        assertThat(found(row).expiresAt()).isEqualTo(EXPIRY);
        assertThat(deliveries.queued(row.id())).isZero();
    }

    @Test
    void create_queueFails_leavesNothing() {
        IllegalStateException failure = new IllegalStateException("no room in the queue");
        deliveries.failWith(failure);
        Upload upload = upload().length(0L).state(UploadState.FINISHED).build();

        assertThatThrownBy(() -> uploads.create(upload)).isSameAs(failure);

        assertThat(uploads.find(upload.id())).isEmpty();
        assertThat(deliveries.queued(upload.id())).isZero();
        assertThat(deliveries.wakes()).isZero();
    }

    @Test
    void create_idTaken_failsAndKeepsTheFirst() {
        Upload first = created(upload());

        assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> uploads.create(first));

        assertThat(uploads.find(first.id())).contains(first);
    }

    @Test
    void findForLease_eachReader_hasATokenOfItsOwn() {
        Upload row = created(upload());
        GrantedUpload first =
                uploads.findForLease(row.id(), Sight.ofOwner(row.owner())).orElseThrow();
        GrantedUpload second =
                uploads.findForLease(row.id(), Sight.ofOwner(row.owner())).orElseThrow();

        assertThat(first.upload()).isEqualTo(row);
        assertThat(first.token()).isGreaterThan(row.leaseToken());
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(row.leaseToken()).as("its creator's").isZero();
        assertThat(uploads.findForLease(UploadId.random(), Sight.ofOwner(row.owner())))
                .isEmpty();
    }

    @Test
    void findForLease_byManyAtOnce_givesNoTokenTwice() throws Exception {
        Upload row = created(upload());

        List<List<Long>> tokens = Race.run(
                16,
                thread -> Stream.generate(() -> uploads.findForLease(row.id(), Sight.ofOwner(row.owner())))
                        .limit(50)
                        .map(granted -> granted.orElseThrow().token())
                        .toList());

        assertThat(tokens.stream().flatMap(List::stream)).hasSize(800).doesNotHaveDuplicates();
        assertThat(tokens).allSatisfy(own -> assertThat(own).isSorted());
    }

    @Test
    void find_forAStranger_isEmpty() {
        Upload row = created(upload());

        assertThat(uploads.find(row.id(), Sight.ofOwner(row.owner()))).contains(row);
        assertThat(uploads.find(row.id(), Sight.OWNERLESS)).isEmpty();
        assertThat(uploads.findForLease(row.id(), Sight.OWNERLESS)).isEmpty();
        assertThat(uploads.find(row.id())).as("for the server's own work").contains(row);
    }

    @Test
    void find_unknownId_isEmpty() {
        assertThat(uploads.find(UploadId.random())).isEmpty();
    }

    @Test
    void advance_knownRow_movesOffsetTokenAndExpiry() {
        Upload known = created(upload());

        Optional<Upload> advanced = uploads.advance(known, 40, 7);

        assertThat(advanced).contains(found(known));
        assertThat(found(known))
                .usingRecursiveComparison()
                .ignoringFields("progress.offset", "progress.leaseToken", "lifecycle.updatedAt", "lifecycle.expiresAt")
                .isEqualTo(known);
        assertThat(found(known).offset()).isEqualTo(40);
        assertThat(found(known).leaseToken()).isEqualTo(7);
        assertThat(found(known).updatedAt()).isEqualTo(NOW);
        assertThat(found(known).expiresAt()).isEqualTo(EXPIRY);
    }

    @Test
    void advance_offsetMovedMeanwhile_changesNothing() {
        Upload known = created(upload());
        Upload now = uploads.advance(known, 40, 0).orElseThrow();

        assertThat(uploads.advance(known, 50, 0)).isEmpty();
        assertThat(found(known)).isEqualTo(now);
    }

    @Test
    void advance_leaseMovedMeanwhile_changesNothing() {
        Upload known = created(upload());
        Upload now = uploads.advance(known, 0, 8).orElseThrow();

        assertThat(uploads.advance(known, 50, 7)).isEmpty();
        assertThat(found(known)).isEqualTo(now);
    }

    @Test
    void advance_lengthDeclaredMeanwhile_changesNothing() {
        Upload known = created(upload().length(null));
        Upload now = uploads.declareLength(known, 50, 0).orElseThrow();

        assertThat(uploads.advance(known, 50, 0)).isEmpty();
        assertThat(found(known)).isEqualTo(now);
    }

    @Test
    void advance_terminatedMeanwhile_changesNothing() {
        Upload known = created(upload());
        assertThat(uploads.terminate(known)).isTrue();

        assertThat(uploads.advance(known, 100, 1)).isEmpty();
        assertThat(found(known).state()).isEqualTo(UploadState.TERMINATED);
        assertThat(deliveries.queued(known.id())).isZero();
    }

    @Test
    void advance_unknownUpload_isEmpty() {
        assertThat(uploads.advance(upload().build(), 1, 1)).isEmpty();
    }

    @Test
    void advance_backwardsOrBeyondTheLength_isRefused() {
        Upload known = created(upload().offset(10));

        assertThatThrownBy(() -> uploads.advance(known, 9, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> uploads.advance(known, 101, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(found(known)).isEqualTo(known);
    }

    @Test
    void advance_toTheLength_finishesAndQueuesOnce() {
        Upload known = created(upload());

        Upload finished = uploads.advance(known, 100, 1).orElseThrow();

        assertThat(found(known)).isEqualTo(finished);
        assertThat(finished.state()).isEqualTo(UploadState.FINISHED);
        assertThat(finished.finishedAt()).isEqualTo(NOW);
        assertThat(finished.expiresAt()).isNull();
        assertThat(deliveries.queued(known.id())).isEqualTo(1);
        assertThat(deliveries.wakes()).isEqualTo(1);
        assertThat(uploads.advance(finished, 100, 1)).isEmpty();
    }

    @Test
    void advance_queueFails_leavesTheRowAsItWas() {
        Upload known = created(upload());
        deliveries.failWith(new IllegalStateException("no room in the queue"));

        assertThatThrownBy(() -> uploads.advance(known, 100, 1)).hasMessage("no room in the queue");

        assertThat(found(known)).isEqualTo(known);
        assertThat(deliveries.queued(known.id())).isZero();
        assertThat(deliveries.wakes()).isZero();
    }

    @Test
    void advance_partialToItsLength_isNotQueuedAndStillExpires() {
        Upload known = created(upload().kind(UploadKind.PARTIAL));

        Upload finished = uploads.advance(known, 100, 1).orElseThrow();

        assertThat(finished.state()).isEqualTo(UploadState.FINISHED);
        assertThat(found(known).expiresAt()).isEqualTo(EXPIRY);
        assertThat(deliveries.queued(known.id())).isZero();
    }

    @Test
    void advance_fromManyThreads_oneWinsEachStep() throws Exception {
        Upload row = created(upload().length(1_000_000L));
        for (int step = 1; step <= 20; step++) {
            Upload known = row;
            List<Optional<Upload>> answers =
                    Race.run(8, thread -> uploads.advance(known, known.offset() + thread + 1, thread + 1));

            List<Upload> winners = answers.stream().flatMap(Optional::stream).toList();
            assertThat(winners).hasSize(1);
            row = found(known);
            assertThat(row).isEqualTo(winners.getFirst());
        }
    }

    @Test
    void advance_manyUploadsAtOnce_eachGetsItsOwnAnswer() throws Exception {
        List<Upload> rows = Race.run(16, thread -> created(upload().length(1_000L)));

        List<Upload> advanced = Race.run(16, thread -> {
            Upload row = rows.get(thread);
            for (long offset = 1; offset <= 25; offset++) {
                row = uploads.advance(row, offset * (thread + 1), 1).orElseThrow();
            }
            return row;
        });

        for (int thread = 0; thread < 16; thread++) {
            assertThat(found(rows.get(thread))).isEqualTo(advanced.get(thread));
            assertThat(advanced.get(thread).offset()).isEqualTo(25L * (thread + 1));
        }
    }

    @Test
    void declareLength_deferred_fixesIt() {
        Upload known = created(upload().length(null).offset(10));

        Upload declared = uploads.declareLength(known, 50, 3).orElseThrow();

        assertThat(found(known)).isEqualTo(declared);
        assertThat(declared.length()).isEqualTo(50);
        assertThat(declared.leaseToken()).isEqualTo(3);
        assertThat(declared.state()).isEqualTo(UploadState.RECEIVING);
    }

    @Test
    void declareLength_atTheOffset_finishesAndQueues() {
        Upload known = created(upload().length(null).offset(50));

        Upload declared = uploads.declareLength(known, 50, 3).orElseThrow();

        assertThat(declared.state()).isEqualTo(UploadState.FINISHED);
        assertThat(found(known)).isEqualTo(declared);
        assertThat(deliveries.queued(known.id())).isEqualTo(1);
    }

    @Test
    void declareLength_movedMeanwhile_changesNothing() {
        Upload known = created(upload().length(null));
        Upload now = uploads.advance(known, 5, 1).orElseThrow();

        assertThat(uploads.declareLength(known, 50, 1)).isEmpty();
        assertThat(found(known)).isEqualTo(now);
    }

    @Test
    void declareLength_knownAlreadyOrBelowTheOffset_isRefused() {
        Upload fixed = created(upload());
        Upload deferred = created(upload().length(null).offset(10));

        assertThatThrownBy(() -> uploads.declareLength(fixed, 100, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> uploads.declareLength(deferred, 9, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
