package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.TestContent;
import dev.narwhal.destination.parts.Crc32s;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** What the S3 destination does on every store, and how it survives what stores and networks do. */
abstract class S3DestinationContract extends S3AnswersContract {

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_tellsWhatTheClientSaid(int length) throws Exception {
        DeliveryJob job = new DeliveryJob(
                uploadId,
                ownKey(),
                new PartPlan(length, PART),
                "text/html; charset=utf-8",
                "Grüße \"你好\".html",
                Map.of("project", "Zürich", "team", "blue whales", "empty", ""),
                OnConflict.FAIL,
                1);

        destination().deliver(job, content(length), new MemoryJournal());

        HeadObjectResponse head = head(ownKey());
        Map<String, String> metadata = new HashMap<>(head.metadata());
        assertThat(head.contentType()).isEqualToIgnoringWhitespace("text/html; charset=utf-8");
        assertThat(head.contentDisposition())
                .isEqualTo("attachment; filename=\"Gr__e ____.html\";"
                        + " filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22%E4%BD%A0%E5%A5%BD%22.html");
        assertThat(metadata)
                .containsEntry("narwhal-upload-id", uploadId)
                .containsEntry("project", "UTF-8''Z%C3%BCrich")
                .containsEntry("team", "blue whales");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_keepsTheObjectAsTheSettingsSay(int length) throws Exception {
        S3Properties settings = S3Settings.of(BUCKET, endpoint())
                .with("storage-class", storageClass())
                .with("encryption", "AES256")
                .with("acl", "private")
                .with("tags.project", "blue whales")
                .with("tags.team", "a+b=c")
                .bind();
        try (S3Destination kept = destination(settings);
                S3Client client = client()) {
            kept.deliver(job(ownKey(), length), content(length), new MemoryJournal());

            assertThat(wire.attributes)
                    .containsExactly(storageClass() + " AES256 private project=blue%20whales&team=a%2Bb%3Dc");
            if (keepsAttributes()) {
                assertThat(head(ownKey()).storageClassAsString()).isEqualTo(storageClass());
                if (length < PART) {
                    // S3Mock forgets it with the parts.
                    assertThat(head(ownKey()).serverSideEncryptionAsString()).isEqualTo("AES256");
                }
                // S3Mock gives values back as they were encoded on the wire.
                assertThat(client.getObjectTagging(r -> r.bucket(BUCKET).key(ownKey()))
                                .tagSet())
                        .extracting(tag -> tag.key() + "=" + decoded(tag.value()))
                        .containsExactlyInAnyOrder("project=blue whales", "team=a+b=c");
            }
        }
    }

    private static String decoded(String tag) {
        return URLDecoder.decode(tag.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** One that the store knows, and that is not its default. */
    String storageClass() {
        return "STANDARD_IA";
    }

    /** Some stores take the headers and keep nothing of them. */
    boolean keepsAttributes() {
        return true;
    }

    @Test
    void deliver_settingThatTheStoreRefuses_isNamed() {
        S3Properties settings = S3Settings.of(BUCKET, endpoint())
                .with("conditional-writes", "on")
                .bind();
        wire.refuseNewerFeatures = true;
        try (S3Destination strict = destination(settings)) {
            DestinationException failure =
                    failureOf(() -> strict.deliver(job(ownKey(), 10), content(10), new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.DESTINATION);
            assertThat(failure).hasMessageContaining("conditional-writes");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_unconditionally_looksBeforeItWrites(int length) throws Exception {
        String key = "shared-" + newId() + ".txt";
        S3Properties settings = S3Settings.of(BUCKET, endpoint())
                .with("conditional-writes", "off")
                .with("checksums", "md5")
                .bind();
        wire.refuseNewerFeatures = true;
        try (S3Destination simple = destination(settings)) {
            simple.deliver(job(key, length), content(length), new MemoryJournal());

            assertThat(stored(key, length)).isEqualTo(content(length).bytes());
        }
        wire.refuseNewerFeatures = false;
        String another = "shared-" + newId() + ".txt";
        wire.before(UploadPartRequest.class, () -> plant(another, new byte[] {1, 2, 3}));
        if (length > PART && !abortTakesTheObjectToo()) {
            try (S3Destination simple = destination(settings)) {
                DestinationException failure =
                        failureOf(() -> simple.deliver(job(another, length), content(length), new MemoryJournal()));

                assertThat(failure.failure()).isEqualTo(Failure.FINAL);
                assertThat(stored(another, 3)).containsExactly(1, 2, 3);
            }
        }
    }

    /** What goes over HTTPS is not signed at all. */
    @ParameterizedTest
    @CsvSource({
        "chunks, 10, STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "chunks, " + 2 * PART + ", STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "whole, 10, [0-9a-f]{64}",
        "whole, " + 2 * PART + ", [0-9a-f]{64}",
        "none, 10, UNSIGNED-PAYLOAD",
        "none, " + 2 * PART + ", UNSIGNED-PAYLOAD",
        "auto, 10, UNSIGNED-PAYLOAD",
        "auto, " + 2 * PART + ", UNSIGNED-PAYLOAD"
    })
    void deliver_bodySigning_isDelivered(String signing, int length, String hash) throws Exception {
        String key = signing + "-" + newId() + ".txt";
        S3Properties settings =
                S3Settings.of(BUCKET, endpoint()).with("body-signing", signing).bind();
        try (S3Destination destination = destination(settings)) {
            destination.deliver(job(key, length), content(length), new MemoryJournal());
        }

        assertThat(stored(key, length)).isEqualTo(content(length).bytes());
        assertThat(wire.bodyHashes).isNotEmpty().allMatch(sent -> sent.matches(hash));
    }

    @Test
    void deliver_moreThanTheStoreTakes_isFinal() {
        long length = PartPlan.MAX_PARTS * S3Objects.MAX_PART_SIZE;
        DestinationException failure = failureOf(() -> destination()
                .deliver(
                        new DeliveryJob(
                                uploadId, ownKey(), PartPlan.of(length + 1), null, null, Map.of(), OnConflict.FAIL, 1),
                        content(1),
                        new MemoryJournal()));

        assertThat(PartPlan.of(length).partSize()).isEqualTo(S3Objects.MAX_PART_SIZE);
        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(failure).hasMessageContaining(String.valueOf(length + 1));
    }

    @Test
    void deliver_hostileContentType_isUnknownBytes() throws Exception {
        DeliveryJob job = new DeliveryJob(
                uploadId,
                ownKey(),
                new PartPlan(10, PART),
                "text/html\r\nX-Evil: 1",
                null,
                Map.of(),
                OnConflict.FAIL,
                1);

        destination().deliver(job, content(10), new MemoryJournal());

        assertThat(head(ownKey()).contentType()).isEqualTo("application/octet-stream");
    }

    @Test
    void deliver_multipart_isVerifiedByTheStoresOwnSum() throws Exception {
        int length = 2 * PART + 7;

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content(length), new MemoryJournal());

        assertThat(receipt.verifiedBy()).isEqualTo(Verification.FULL_OBJECT_CRC32);
        assertThat(wire.completions)
                .as("compared by the store")
                .singleElement()
                .satisfies(
                        request -> assertThat(request.checksumCRC32()).isEqualTo(receipt.checksum()),
                        request -> assertThat(request.multipartUpload().parts())
                                .hasSize(3)
                                .noneMatch(part -> part.checksumCRC32() == null));
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 11})
    void deliver_adoptedButOfAnotherLength_isFinal(int length) throws Exception {
        plantOurs(content(length));

        DestinationException failure =
                failureOf(() -> destination().deliver(again(job(ownKey(), 10)), content(10), new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(failure).hasMessageContaining(length + " bytes instead of 10");
    }

    @Test
    void deliver_adoptedButDamaged_isFinal() throws Exception {
        TestContent damaged = content(10);
        damaged.bytes()[5] ^= 1;
        plantOurs(damaged);

        DestinationException failure =
                failureOf(() -> destination().deliver(again(job(ownKey(), 10)), content(10), new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(failure).hasMessageContaining("CRC32");
    }

    /** As some stores keep a small object; its ETag may be no digest, so that it refutes nothing. */
    @Test
    void deliver_adoptedWithoutAChecksum_isVerifiedByItsLength() throws Exception {
        TestContent other = content(10);
        other.bytes()[5] ^= 1;
        plantOurs(other, null);

        DeliveryReceipt receipt = destination().deliver(again(job(ownKey(), 10)), content(10), new MemoryJournal());

        assertThat(receipt.verifiedBy()).isEqualTo(Verification.SIZE);
        assertThat(receipt.adopted()).isTrue();
    }

    private void plantOurs(TestContent content) throws IOException {
        plantOurs(content, Crc32s.encode(Crc32s.of(content, 0, content.length())));
    }

    private void plantOurs(TestContent content, @Nullable String crc) {
        try (S3Client client = client()) {
            client.putObject(
                    r -> r.bucket(BUCKET)
                            .key(ownKey())
                            .checksumCRC32(crc)
                            .metadata(Map.of(S3Headers.UPLOAD_ID, uploadId)),
                    RequestBody.fromBytes(content.bytes()));
        }
    }

    @Test
    void deliver_storeHasOtherBytesOfAPart_sendsItAgain() throws Exception {
        DeliveryJob job = job(ownKey(), 2 * PART);
        TestContent content = content(2 * PART);
        MemoryJournal next = stoppedBeforeItsCommit(job, content);
        try (S3Client client = client()) {
            String multipart = leftovers().getFirst();
            client.uploadPart(
                    r -> r.bucket(BUCKET)
                            .key(ownKey())
                            .uploadId(multipart)
                            .partNumber(1)
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                    RequestBody.fromBytes(new byte[PART]));
        }

        destination().deliver(again(job), content, next);

        assertThat(wire.sentParts).containsExactly(1);
        assertThat(stored(ownKey(), 2 * PART)).isEqualTo(content.bytes());
    }

    /** A page has 1,000 parts, and an object up to 10,000. */
    @Test
    void deliver_resumed_readsAllPagesOfParts() throws Exception {
        int length = 3 * PART;
        TestContent content = content(length);
        DeliveryJob job = job(ownKey(), length);
        MemoryJournal next = stoppedBeforeItsCommit(job, content);
        forget();
        wire.listsPartByPart = true;

        destination().deliver(again(job), content, next);

        assertThat(wire.sentParts).isEmpty();
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    @Test
    void deliver_keyTakenMeanwhile_isNeverReplaced() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        wire.before(CompleteMultipartUploadRequest.class, () -> plant(ownKey(), new byte[] {1, 2, 3}));

        DestinationException failure =
                failureOf(() -> destination().deliver(job(ownKey(), length), content, new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(leftovers()).isEmpty();
        if (!abortTakesTheObjectToo()) {
            assertThat(stored(ownKey(), 3)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void deliver_keyTakenMeanwhile_rename_leavesNothingUnderTheOldOne() throws Exception {
        TestContent content = content(2 * PART);
        wire.before(CompleteMultipartUploadRequest.class, () -> plant(ownKey(), new byte[] {1, 2, 3}));

        DeliveryReceipt receipt =
                destination().deliver(job(ownKey(), 2 * PART, OnConflict.RENAME), content, new MemoryJournal());

        assertThat(receipt.key()).isNotEqualTo(ownKey());
        assertThat(stored(receipt.key(), 2 * PART)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    /** Nobody knows what became of the request, and the key says it: nothing. */
    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_requestLostAndKeyTakenMeanwhile_adoptsNothing(int length) throws Exception {
        byte[] theirs = new byte[length];
        wire.before(length > PART ? CompleteMultipartUploadRequest.class : PutObjectRequest.class, () -> {
            plant(ownKey(), theirs);
            throw SdkClientException.create("the request was lost");
        });

        DestinationException failure = failureToDeliver(length);

        assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
        assertThat(stored(ownKey(), length)).isEqualTo(theirs);
    }

    @Test
    void deliver_displacedAtTheStart_removesWhatOnlyItKnows() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal().refusingBegin();

        assertThatThrownBy(() -> destination().deliver(job(ownKey(), length), content, journal))
                .isInstanceOf(DeliveryStoppedException.class);

        assertThat(journal.handles).hasSize(1);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void deliver_displacedLater_leavesTheSuccessorsMultipart() throws Exception {
        int length = 4 * PART;
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal().displacedAfterParts(1);

        assertThatThrownBy(() -> destination().deliver(job(ownKey(), length), content, journal))
                .isInstanceOf(DeliveryStoppedException.class);

        assertThat(leftovers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deliver_orphanOfADeadAttempt_isAborted(boolean resumed) throws Exception {
        assumeFalse(resumed && abortTakesTheObjectToo());
        DeliveryJob job = job(ownKey(), 2 * PART);
        TestContent content = content(2 * PART);
        MemoryJournal journal = resumed ? stoppedBeforeItsCommit(job, content) : new MemoryJournal();
        beginAnother(ownKey());

        destination().deliver(again(job), content, journal);

        assertThat(leftovers()).isEmpty();
    }

    @Test
    void abandon_orphanOfADeadAttempt_isAborted() throws Exception {
        beginAnother(ownKey());

        destination().abandon(job(ownKey(), 2 * PART), new MemoryJournal());

        assertThat(leftovers()).isEmpty();
    }

    /** Without the upload's id in it nobody knows whose it is; nor is one ours whose key begins as ours. */
    @Test
    void deliver_multipartThatMayBeAnothers_isLeft() throws Exception {
        String shared = "shared-" + newId() + ".txt";
        beginAnother(shared);
        beginAnother(ownKey() + ".part");

        destination().deliver(again(job(shared, 2 * PART)), content(2 * PART), new MemoryJournal());
        destination().deliver(again(job(ownKey(), 2 * PART)), content(2 * PART), new MemoryJournal());

        assertThat(multiparts()).extracting(MultipartUpload::key).contains(shared, ownKey() + ".part");
    }

    @Test
    void deliver_missingBucket_isTheDestinationsFault() {
        try (S3Destination missing = destination(settings("not-there", S3Settings.SECRET_KEY))) {
            DestinationException failure =
                    failureOf(() -> missing.deliver(job(ownKey(), 10), content(10), new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.DESTINATION);
        }
    }

    @Test
    void deliver_storeAway_isRetryable() {
        S3Properties nobody =
                S3Settings.of(BUCKET, URI.create("http://127.0.0.1:1")).bind();
        try (S3Destination away = destination(nobody)) {
            DestinationException failure =
                    failureOf(() -> away.deliver(job(ownKey(), 10), content(10), new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
        }
    }

    @Test
    void requireBucket_missing_saysSo() {
        S3Properties settings = S3Settings.of("not-there-either", endpoint()).bind();
        try (S3Client client = new S3Clients(S3Settings.PREFIX, settings).reader(5)) {
            assertThatThrownBy(
                            () -> new S3Clients(S3Settings.PREFIX, settings).requireBucket(client, "not-there-either"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not-there-either")
                    .hasMessageContaining("create-bucket");
        }
    }

    @Test
    void requireBucket_createBucket_makesIt() {
        String bucket = "made-" + uploadId;
        S3Properties settings = settings(bucket, S3Settings.SECRET_KEY);
        try (S3Client client = new S3Clients(S3Settings.PREFIX, settings).reader(5)) {
            new S3Clients(S3Settings.PREFIX, settings).requireBucket(client, bucket);
            new S3Clients(S3Settings.PREFIX, settings).requireBucket(client, bucket);

            assertThat(client.headBucket(r -> r.bucket(bucket))
                            .sdkHttpResponse()
                            .isSuccessful())
                    .isTrue();
        }
    }
}
