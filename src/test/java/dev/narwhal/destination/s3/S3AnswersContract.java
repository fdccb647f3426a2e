package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.TestContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Answers that a store gives rarely, that hide something, or that are not the whole truth. */
abstract class S3AnswersContract extends S3Fixture {

    /** Stores tell a HEAD less than a GET, and a head that was cut off looks like one that says less. */
    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_again_headTellsLess_looksCloser(int length) throws Exception {
        DeliveryJob job = job(ownKey(), length);
        destination().deliver(job, content(length), new MemoryJournal());
        wire.spoil(HeadObjectRequest.class, "x-amz-meta-", null);

        DeliveryReceipt receipt = destination().deliver(again(job), content(length), new MemoryJournal());

        assertThat(receipt.adopted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_headTellsAnotherLength_looksCloser(int length) throws Exception {
        wire.spoil(HeadObjectRequest.class, "Content-Length", "1");

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content(length), new MemoryJournal());

        assertThat(receipt.adopted()).isFalse();
        assertThat(stored(ownKey(), length)).isEqualTo(content(length).bytes());
    }

    /** Nobody would know of the first. */
    @Test
    void deliver_beginningFails_isNotSentAgain() {
        wire.answer(CreateMultipartUploadRequest.class, 500);

        DestinationException failure = failureToDeliver(2 * PART);

        assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
        assertThat(wire.answered).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_goneAfterItWasWritten_isRetryable(int length) {
        wire.before(HeadObjectRequest.class, () -> {
            try (S3Client client = client()) {
                client.deleteObject(r -> r.bucket(BUCKET).key(ownKey()));
            }
        });

        DestinationException failure = failureToDeliver(length);

        assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
    }

    @Test
    void deliver_storeDoesNotHaveAPartOfTheJournal_sendsIt() throws Exception {
        int length = 3 * PART;
        TestContent content = content(length);
        DeliveryJob job = job(ownKey(), length);
        MemoryJournal journal = new MemoryJournal();
        destination().sendAhead(job, beginning(content, 2 * PART), journal);
        MemoryJournal next = journal.nextAttempt();
        next.sent(new SentPart(3, PART, "\"00000000000000000000000000000000\"", "AAAAAA=="));
        forget();

        destination().deliver(again(job), content, next);

        assertThat(wire.sentParts).containsExactly(3);
        assertThat(next.handles).hasSize(1);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    /** It has ignored the type, and would compare the total with something else. */
    @Test
    void deliver_typeOfChecksumsIsNotEchoed_sendsNoTotal() throws Exception {
        int length = 2 * PART;
        wire.spoil(CreateMultipartUploadRequest.class, "x-amz-checksum-type", null);

        destination().deliver(job(ownKey(), length), content(length), new MemoryJournal());

        assertThat(wire.completions)
                .isNotEmpty()
                .allSatisfy(completion -> assertThat(completion.checksumCRC32()).isNull());
        assertThat(stored(ownKey(), length)).isEqualTo(content(length).bytes());
    }

    @Test
    void deliver_resumed_storeCannotSayWhatItHas_sendsAllAgain() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        DeliveryJob job = job(ownKey(), length);
        MemoryJournal next = stoppedBeforeItsCommit(job, content);
        forget();
        wire.before(ListPartsRequest.class, () -> refuse(501, "NotImplemented"));

        destination().deliver(again(job), content, next);

        assertThat(wire.sentParts).containsExactlyInAnyOrder(1, 2);
        assertThat(next.handles).hasSize(1);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    @Test
    void deliver_answerToAPartLacksItsEtag_isRetryable() {
        wire.spoil(UploadPartRequest.class, "ETag", null);

        DestinationException failure = failureToDeliver(2 * PART);

        assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
        assertThat(wire.completions).isEmpty();
    }

    /** The answer to the first try of the SDK was lost, and the second finds that the multipart upload is no more. */
    @Test
    void deliver_completedBefore_isLookedAt_andNotAborted() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        wire.before(CompleteMultipartUploadRequest.class, () -> {
            try (S3Client client = client()) {
                client.completeMultipartUpload(wire.completions.getLast());
            }
            refuse(404, "NoSuchUpload");
        });

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content, new MemoryJournal());

        assertThat(receipt.adopted()).isTrue();
        assertThat(wire.aborts).isEmpty();
        assertThat(wire.completions).hasSize(1);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    @Test
    void abandon_removesTheObjectAsItWasLookedAt() throws Exception {
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(ownKey(), 10);
        destination().deliver(job, content(10), journal);
        String etag = head(ownKey()).eTag();
        wire.before(DeleteObjectRequest.class, () -> refuse(412, "PreconditionFailed"));

        destination().abandon(job, journal);

        assertThat(wire.deletions).containsExactly(etag);
        assertThat(exists(ownKey())).isTrue();
        destination().abandon(job, journal);
        assertThat(exists(ownKey())).isFalse();
    }

    @Test
    void abandon_storeKnowsNoConditionsOfDeletions_removesAllTheSame() throws Exception {
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(ownKey(), 10);
        destination().deliver(job, content(10), journal);
        wire.before(DeleteObjectRequest.class, () -> refuse(501, "NotImplemented"));

        destination().abandon(job, journal);

        assertThat(exists(ownKey())).isFalse();
        assertThat(wire.deletions).hasSize(2).last().isEqualTo("");
    }

    /** A part that was in flight when its sender died arrives after the abort. */
    @Test
    void abandon_partsArriveAllTheSame_isTriedAgain() throws Exception {
        DeliveryJob job = job(ownKey(), 2 * PART);
        MemoryJournal journal = stoppedBeforeItsCommit(job, content(2 * PART));
        wire.before(AbortMultipartUploadRequest.class, () -> refuse(404, "NoSuchUpload"));

        DestinationException failure = failureOf(() -> destination().abandon(job, journal));
        assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
        destination().abandon(job, journal);

        assertThat(leftovers()).isEmpty();
    }

    /** Whoever said it final at once would leave the parts where nobody looks for them. */
    @Test
    void deliver_conflictWhoseAbortFails_isTriedAgain() throws Exception {
        assumeFalse(abortTakesTheObjectToo());
        DeliveryJob job = job(ownKey(), 2 * PART);
        TestContent content = content(2 * PART);
        MemoryJournal journal = stoppedBeforeItsCommit(job, content);
        plant(ownKey(), new byte[] {1, 2, 3});
        wire.before(AbortMultipartUploadRequest.class, () -> refuse(503, "SlowDown"));

        DestinationException first = failureOf(() -> destination().deliver(again(job), content, journal));
        DestinationException second =
                failureOf(() -> destination().deliver(again(job), content, journal.nextAttempt()));

        assertThat(first.failure()).isEqualTo(Failure.RETRYABLE);
        assertThat(second.failure()).isEqualTo(Failure.FINAL);
        assertThat(leftovers()).isEmpty();
    }

    /** Else the orphans would stay, and nobody would come back for them. */
    @Test
    void abandon_orphansUnknown_isTriedAgain() {
        wire.before(ListMultipartUploadsRequest.class, () -> refuse(503, "SlowDown"));

        DestinationException failure =
                failureOf(() -> destination().abandon(job(ownKey(), 2 * PART), new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
    }

    @Test
    void deliver_storeLostTheMultipart_beginsAnew() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        DeliveryJob job = job(ownKey(), length);
        MemoryJournal next = stoppedBeforeItsCommit(job, content);
        try (S3Client client = client()) {
            leftovers()
                    .forEach(id -> client.abortMultipartUpload(
                            r -> r.bucket(BUCKET).key(ownKey()).uploadId(id)));
        }

        destination().deliver(again(job), content, next);

        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    /** Under a key without the upload's id nobody would find them later. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void multipartThatTheStoreCallsLost_isGivenBack(boolean ahead) throws Exception {
        String key = "shared-" + newId() + ".txt";
        TestContent content = content(2 * PART);
        MemoryJournal journal = new MemoryJournal();
        wire.before(UploadPartRequest.class, () -> refuse(404, "NoSuchUpload"));

        if (ahead) {
            destination().sendAhead(job(key, 3 * PART), content, journal);
        } else {
            destination().deliver(job(key, 2 * PART), content, journal);
        }

        assertThat(journal.handles).hasSize(2);
        assertThat(multiparts()).filteredOn(upload -> upload.key().equals(key)).hasSize(ahead ? 1 : 0);
    }

    @Test
    void deliver_partIsRefusedForGood_leavesNothing() throws Exception {
        wire.before(UploadPartRequest.class, () -> refuse(400, "EntityTooLarge"));

        DestinationException failure = failureToDeliver(2 * PART);

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void deliver_storeRefusesNewerFeatures_doesWithout() throws Exception {
        int length = 2 * PART + 7;
        TestContent content = content(length);
        wire.refuseNewerFeatures = true;

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content, new MemoryJournal());
        String small = "uploads/" + uploadId + "/small";
        destination().deliver(job(small, 10), content(10), new MemoryJournal());

        assertThat(receipt.verifiedBy()).isIn(Verification.ETAG, Verification.FULL_OBJECT_CRC32);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(stored(small, 10)).isEqualTo(content(10).bytes());
    }

    private static void refuse(int status, String code) {
        throw S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("made up")
                        .build())
                .build();
    }
}
