package dev.narwhal.destination.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import dev.narwhal.destination.ContentSource;
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
import dev.narwhal.destination.azure.AzureWire.Call;
import dev.narwhal.destination.parts.Md5s;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every destination does, and what only Azure makes of it, on Azure's own emulator. */
@Tag("azure")
class AzureDestinationIT extends AzureFixture {

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_tellsWhatTheClientSaid(int length) throws Exception {
        DeliveryJob job = new DeliveryJob(
                uploadId,
                ownKey(),
                new PartPlan(length, PART),
                "text/html; charset=utf-8",
                "Grüße \"你好\".html",
                Map.of("project", "Zürich", "the-team", "blue whales", "9", "nine"),
                OnConflict.FAIL,
                1);

        destination().deliver(job, content(length), new MemoryJournal());

        BlobProperties blob = blob(ownKey()).getProperties();
        assertThat(blob.getContentType()).isEqualToIgnoringWhitespace("text/html; charset=utf-8");
        assertThat(blob.getContentDisposition())
                .isEqualTo("attachment; filename=\"Gr__e ____.html\";"
                        + " filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22%E4%BD%A0%E5%A5%BD%22.html");
        assertThat(blob.getMetadata())
                .containsEntry("narwhaluploadid", uploadId)
                .containsEntry("project", "UTF-8''Z%C3%BCrich")
                .containsEntry("the_team", "blue whales")
                .containsEntry("_9", "nine");
    }

    /** As others see it: reading it back would find it under a wrong name, too. */
    @ParameterizedTest
    @ValueSource(strings = {"a%20b.txt", "100%.txt", "a+b c.txt", "Grüße & 文書 🐋.txt", "what?#x.txt"})
    void deliver_blob_isCalledAsTheKey(String name) throws Exception {
        String key = "uploads/" + uploadId + "/" + name;

        destination().deliver(job(key, 10), content(10), new MemoryJournal());

        ListBlobsOptions ours = new ListBlobsOptions().setPrefix("uploads/" + uploadId);
        assertThat(container().listBlobs(ours, null).stream().map(BlobItem::getName))
                .containsExactly(key);
    }

    @ParameterizedTest
    @EnumSource(AzureProperties.Tier.class)
    void deliver_accessTier_isTheBlobs(AzureProperties.Tier tier) throws Exception {
        try (AzureDestination cold = destination(settings(CONTAINER, false, tier))) {
            cold.deliver(job(ownKey(), 10), content(10), new MemoryJournal());
            cold.deliver(job(ownKey() + "2", 2 * PART), content(2 * PART), new MemoryJournal());
        }

        for (String key : List.of(ownKey(), ownKey() + "2")) {
            assertThat(blob(key).getProperties().getAccessTier().toString()).isEqualToIgnoringCase(tier.name());
        }
    }

    @Test
    void deliver_small_isVerifiedByTheStoresMd5() throws Exception {
        TestContent content = content(1000);

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), 1000), content, new MemoryJournal());

        String md5 = Md5s.base64(content, 0, 1000);
        assertThat(receipt.verifiedBy()).isEqualTo(Verification.FULL_OBJECT_MD5);
        assertThat(receipt.checksum()).isEqualTo(md5);
        assertThat(Base64.getEncoder()
                        .encodeToString(blob(ownKey()).getProperties().getContentMd5()))
                .isEqualTo(md5);
    }

    @Test
    void deliver_blocks_areVerifiedByTheirMd5s() throws Exception {
        int length = 2 * PART + 7;

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content(length), new MemoryJournal());

        assertThat(receipt.verifiedBy()).isEqualTo(Verification.PART_MD5);
        assertThat(receipt.checksum()).matches("[0-9a-f]{32}-3");
        assertThat(wire.stagedParts).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(wire.uncheckedParts).isEmpty();
    }

    @Test
    void deliver_damagedOnTheWay_isRefusedByTheStore() {
        TestContent content = content(1000);
        ContentSource flipping = new Changing(content, new AtomicInteger());

        DestinationException failure =
                failureOf(() -> destination().deliver(job(ownKey(), 1000), flipping, new MemoryJournal()));

        // Azurite calls it an invalid operation, Azure Md5Mismatch: see AzureFailuresTest.
        assertThat(failure).hasMessageMatching("(?i).*md5.*match.*");
        assertThat(blob(ownKey()).exists()).isFalse();
    }

    @Test
    void deliver_adoptedButDamaged_isFinal() throws Exception {
        int length = 2 * PART;
        byte[] wrong = content(length + 1).bytes();
        BlockBlobClient blob = blob(ownKey());
        String block = AzureBlockId.of(uploadId, 1, new byte[16]).encoded();
        blob.stageBlock(block, new ByteArrayInputStream(wrong, 0, PART), PART);
        String other = AzureBlockId.of(uploadId, 2, new byte[16]).encoded();
        blob.stageBlock(other, new ByteArrayInputStream(wrong, PART, PART), PART);
        blob.commitBlockListWithResponse(
                List.of(block, other), null, Map.of("narwhaluploadid", uploadId), null, null, null, null);

        DestinationException failure = failureOf(
                () -> destination().deliver(again(job(ownKey(), length)), content(length), new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(failure).hasMessageContaining("number 1");
    }

    @ParameterizedTest
    @CsvSource({"9, has 9 bytes instead of 10", "10, has another MD5"})
    void deliver_smallOneAdoptedButDamaged_isFinal(int length, String reason) {
        byte[] damaged = content(length).bytes();
        damaged[5] ^= 1;
        blob(ownKey())
                .uploadWithResponse(
                        new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(damaged))
                                .setMetadata(Map.of("narwhaluploadid", uploadId)),
                        null,
                        Context.NONE);

        DestinationException failure =
                failureOf(() -> destination().deliver(again(job(ownKey(), 10)), content(10), new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(failure).hasMessageContaining(reason);
    }

    @Test
    void deliver_storeThrewTheBlocksAway_sendsThemAgain() throws Exception {
        DeliveryJob job = job(ownKey(), 2 * PART);
        TestContent content = content(2 * PART);
        MemoryJournal next = stoppedBeforeItsCommit(job, content);
        throwBlocksAway();

        destination().deliver(again(job), content, next);

        assertThat(wire.stagedParts).containsExactlyInAnyOrder(1, 2);
        assertThat(stored(ownKey(), 2 * PART)).isEqualTo(content.bytes());
    }

    @Test
    void deliver_blocksGoneAtTheCommit_sendsThemAgain() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        wire.before(Call.COMMIT, this::throwBlocksAway);

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content, new MemoryJournal());

        assertThat(receipt.adopted()).isFalse();
        assertThat(wire.stagedParts).containsExactlyInAnyOrder(1, 2, 1, 2);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    @Test
    void deliver_anothersBlocksUnderTheKey_areNotTaken() throws Exception {
        int length = 2 * PART;
        TestContent theirs = content(length + 1);
        DeliveryJob job = job(ownKey(), length);
        DeliveryJob other = new DeliveryJob(
                newId(), ownKey(), new PartPlan(length, PART), null, null, Map.of(), OnConflict.FAIL, 1);
        stoppedBeforeItsCommit(other, theirs);

        destination().deliver(job, content(length), new MemoryJournal());

        assertThat(stored(ownKey(), length)).isEqualTo(content(length).bytes());
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void deliver_twoAttemptsAtOnce_makeOneObject() throws Exception {
        int length = 3 * PART;
        TestContent content = content(length);
        DeliveryJob job = job(ownKey(), length);
        MemoryJournal journal = new MemoryJournal();
        // The first is believed dead, and its successor has finished, when it goes on.
        wire.before(Call.COMMIT, () -> deliverUnchecked(again(job), content, journal.nextAttempt()));

        DeliveryReceipt late = destination().deliver(job, content, journal);

        assertThat(late.adopted()).isTrue();
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    private void deliverUnchecked(DeliveryJob job, TestContent content, MemoryJournal journal) {
        try {
            destination().deliver(job, content, journal);
        } catch (DestinationException | DeliveryStoppedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PUT", "STAGE", "COMMIT"})
    void deliver_answerLostAndAskedAgainByTheSdk_isOneObject(Call call) throws Exception {
        int length = call == Call.PUT ? 10 : 2 * PART;
        TestContent content = content(length);
        innerWire.loseAnswersOf(call, 1);

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content, new MemoryJournal());

        assertThat(receipt.adopted()).isEqualTo(call != Call.STAGE);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_keyTakenMeanwhile_isNeverReplaced(int length) throws Exception {
        wire.before(length > PART ? Call.COMMIT : Call.PUT, () -> plant(ownKey(), new byte[] {1, 2, 3}));

        DestinationException failure =
                failureOf(() -> destination().deliver(job(ownKey(), length), content(length), new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(stored(ownKey(), 3)).containsExactly(1, 2, 3);
    }

    @Test
    void abandon_replacedMeanwhile_leavesTheOther() throws Exception {
        DeliveryJob job = job(ownKey(), 10);
        destination().deliver(job, content(10), new MemoryJournal());
        wire.before(Call.OTHER, () -> plant(ownKey(), new byte[] {1, 2, 3}));

        destination().abandon(again(job), new MemoryJournal());

        assertThat(stored(ownKey(), 3)).containsExactly(1, 2, 3);
    }

    @Test
    void read_beyondTheEnd_fails() throws Exception {
        destination().deliver(job(ownKey(), 10), content(10), new MemoryJournal());

        assertThatThrownBy(() -> destination().read(ownKey(), 20, 10).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("InvalidRange");
    }

    @Test
    void describe_isTheUrlWithoutSecrets() {
        assertThat(destination().describe()).isEqualTo(azurite.endpoint() + "/" + CONTAINER);
    }

    /** Another byte each time that it is read: what the network does to a body, since the digest is computed first. */
    private record Changing(TestContent content, AtomicInteger reads) implements ContentSource {

        @Override
        public long length() {
            return content.length();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int start = target.position();
            int read = content.read(target, position);
            if (position == 0) {
                target.put(start, (byte) reads.incrementAndGet());
            }
            return read;
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }
    }
}
