package dev.narwhal.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narwhal.destination.DestinationException.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every destination does. */
public abstract class DestinationContract {

    public static final int PART = (int) PartPlan.MIN_PART_SIZE;
    private static final Random IDS = new Random(42);

    protected final String uploadId = newId();

    public static String newId() {
        byte[] bits = new byte[16];
        IDS.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    protected abstract Destination destination();

    /** Content as the delivery hands it to this destination. */
    protected abstract TestContent content(int length) throws IOException;

    /** Puts somebody else's object at the key. */
    protected abstract void plant(String key, byte[] bytes) throws IOException;

    /** What deliveries under way have at the destination, besides objects. */
    protected abstract List<String> leftovers() throws IOException;

    /** Whether a store itself throws away, after a while, what nobody has completed, and nobody else can do so. */
    protected boolean leavesPartsToTheStore() {
        return false;
    }

    protected DeliveryJob job(String key, long length) {
        return job(key, length, OnConflict.FAIL);
    }

    protected DeliveryJob job(String key, long length, OnConflict onConflict) {
        return new DeliveryJob(
                uploadId, key, new PartPlan(length, PART), "text/plain", "file.txt", Map.of(), onConflict, 1);
    }

    public static DeliveryJob again(DeliveryJob job) {
        return new DeliveryJob(
                job.uploadId(),
                job.key(),
                job.plan(),
                job.contentType(),
                job.filename(),
                job.metadata(),
                job.onConflict(),
                job.attempt() + 1);
    }

    protected String ownKey() {
        return "uploads/" + uploadId + "/file.txt";
    }

    protected byte[] stored(String key, int length) throws IOException {
        try (InputStream in = destination().read(key, 0, length)) {
            return in.readAllBytes();
        }
    }

    protected boolean exists(String key) throws IOException {
        try (InputStream in = destination().read(key, 0, 0)) {
            return in.read() < 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 7})
    void deliver_keepsEveryByte(int length) throws Exception {
        TestContent content = content(length);

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content, new MemoryJournal());

        assertThat(receipt.key()).isEqualTo(ownKey());
        assertThat(receipt.adopted()).isFalse();
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Grüße & 文書 🐋.txt", "with space.txt", "a+b=c.txt", "100%.txt", "quote\"'.txt"})
    void deliver_keepsUnusualNames(String name) throws Exception {
        String key = "uploads/" + uploadId + "/" + name;
        TestContent content = content(10);

        destination().deliver(job(key, 10), content, new MemoryJournal());

        assertThat(stored(key, 10)).isEqualTo(content.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART + 7})
    void deliver_again_adoptsWhatIsThere(int length) throws Exception {
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(ownKey(), length);
        destination().deliver(job, content, journal);

        DeliveryReceipt second = destination().deliver(again(job), content, journal.nextAttempt());

        assertThat(second.adopted()).isTrue();
        assertThat(second.key()).isEqualTo(ownKey());
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_keyTaken_fail_leavesTheOther(int length) throws Exception {
        byte[] theirs = "theirs".getBytes(StandardCharsets.UTF_8);
        String key = "shared-" + newId() + ".txt";
        plant(key, theirs);
        TestContent content = content(length);

        DestinationException failure =
                failureOf(() -> destination().deliver(job(key, length), content, new MemoryJournal()));

        assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        assertThat(failure).hasMessageContaining(key);
        assertThat(stored(key, theirs.length)).isEqualTo(theirs);
        assertThat(leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_keyTaken_rename_makesAnotherKey(int length) throws Exception {
        byte[] theirs = "theirs".getBytes(StandardCharsets.UTF_8);
        String stem = "shared-" + newId();
        plant(stem + ".txt", theirs);
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(stem + ".txt", length, OnConflict.RENAME);

        DeliveryReceipt receipt = destination().deliver(job, content, journal);

        String renamed = stem + "-" + uploadId + ".txt";
        assertThat(receipt.key()).isEqualTo(renamed).isEqualTo(journal.key());
        assertThat(stored(renamed, length)).isEqualTo(content.bytes());
        assertThat(stored(stem + ".txt", theirs.length)).isEqualTo(theirs);
        assertThat(leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_keyTaken_overwrite_replaces(int length) throws Exception {
        String key = "shared-" + newId() + ".txt";
        plant(key, "theirs".getBytes(StandardCharsets.UTF_8));
        TestContent content = content(length);

        DeliveryReceipt receipt =
                destination().deliver(job(key, length, OnConflict.OVERWRITE), content, new MemoryJournal());

        assertThat(receipt.key()).isEqualTo(key);
        assertThat(stored(key, length)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_journalRefusesCompletion_showsNothing(int length) throws Exception {
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal().refusingCompletion();

        assertThatThrownBy(() -> destination().deliver(job(ownKey(), length), content, journal))
                .isInstanceOf(DeliveryStoppedException.class);

        assertThat(exists(ownKey())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void abandon_afterAnInterruptedAttempt_leavesNothing(int length) throws Exception {
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal().refusingCompletion();
        DeliveryJob job = job(ownKey(), length);
        assertThatThrownBy(() -> destination().deliver(job, content, journal))
                .isInstanceOf(DeliveryStoppedException.class);

        destination().abandon(again(job), journal.nextAttempt());

        if (!leavesPartsToTheStore()) {
            assertThat(leftovers()).isEmpty();
        }
        assertThat(exists(ownKey())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 2 * PART})
    void abandon_afterACompletedAttempt_removesTheObject(int length) throws Exception {
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(ownKey(), length);
        destination().deliver(job, content, journal);

        destination().abandon(again(job), journal.nextAttempt());

        assertThat(exists(ownKey())).isFalse();
        assertThat(leftovers()).isEmpty();
    }

    protected TestContent beginning(TestContent content, int length) throws IOException {
        return new TestContent(Arrays.copyOf(content.bytes(), length), null);
    }

    @Test
    void sendAhead_wholePartsOnly_andDeliverGoesOn() throws Exception {
        assumeTrue(destination().takesPartsAhead());
        int length = 4 * PART + 7;
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(ownKey(), length);

        destination().sendAhead(job, beginning(content, PART - 1), journal);
        assertThat(journal.parts()).isEmpty();
        destination().sendAhead(job, beginning(content, 2 * PART + 99), journal);
        assertThat(journal.parts()).extracting(SentPart::number).containsExactly(1, 2);
        destination().sendAhead(again(job), beginning(content, 3 * PART), journal);
        assertThat(journal.parts()).extracting(SentPart::number).containsExactly(1, 2, 3);
        assertThat(exists(ownKey())).isFalse();

        List<String> handles = List.copyOf(journal.handles);
        DeliveryReceipt receipt = destination().deliver(again(job), content, journal.nextAttempt());

        assertThat(receipt.adopted()).isFalse();
        assertThat(journal.handles).isEqualTo(handles);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void sendAhead_unwanted_leavesNothing() throws Exception {
        assumeTrue(destination().takesPartsAhead());
        TestContent content = content(2 * PART);
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(ownKey(), 3 * PART);
        destination().sendAhead(job, content, journal);

        destination().abandon(again(job), journal.nextAttempt());

        if (!leavesPartsToTheStore()) {
            assertThat(leftovers()).isEmpty();
        }
        assertThat(exists(ownKey())).isFalse();
    }

    @Test
    void sendAhead_displaced_stops() throws Exception {
        assumeTrue(destination().takesPartsAhead());
        TestContent content = content(3 * PART);
        MemoryJournal journal = new MemoryJournal().displacedAfterParts(1);
        DeliveryJob job = job(ownKey(), 4 * PART);

        assertThatThrownBy(() -> destination().sendAhead(job, content, journal))
                .isInstanceOf(DeliveryStoppedException.class);

        destination().abandon(again(job), journal.nextAttempt());
        if (!leavesPartsToTheStore()) {
            assertThat(leftovers()).isEmpty();
        }
    }

    @Test
    void abandon_leavesAnothersObject() throws Exception {
        byte[] theirs = "theirs".getBytes(StandardCharsets.UTF_8);
        String key = "shared-" + newId() + ".txt";
        plant(key, theirs);
        TestContent content = content(theirs.length);
        MemoryJournal journal = new MemoryJournal();
        DeliveryJob job = job(key, theirs.length);
        assertThatThrownBy(() -> destination().deliver(job, content, journal)).isInstanceOf(DestinationException.class);

        destination().abandon(again(job), journal.nextAttempt());

        assertThat(stored(key, theirs.length)).isEqualTo(theirs);
    }

    @Test
    void abandon_nothingThere_isHarmless() throws Exception {
        destination().abandon(job(ownKey(), 10), new MemoryJournal());

        assertThat(leftovers()).isEmpty();
    }

    @Test
    void read_range_givesThoseBytes() throws Exception {
        TestContent content = content(1000);
        destination().deliver(job(ownKey(), 1000), content, new MemoryJournal());

        try (InputStream in = destination().read(ownKey(), 990, 10)) {
            assertThat(in.readAllBytes()).hasSize(10).endsWith(content.bytes()[999]);
        }
        try (InputStream in = destination().read(ownKey(), 1, 3)) {
            assertThat(in.readAllBytes()).containsExactly(content.bytes()[1], content.bytes()[2], content.bytes()[3]);
        }
    }

    @Test
    void read_closedEarly_returnsAtOnce() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        destination().deliver(job(ownKey(), length), content, new MemoryJournal());

        try (InputStream in = destination().read(ownKey(), 0, length)) {
            assertThat(in.read()).isEqualTo(content.bytes()[0] & 0xFF);
        }

        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    @Test
    void read_missing_isNoSuchFile() {
        assertThatThrownBy(() -> destination().read("no/such/object", 0, 10).read())
                .isInstanceOf(NoSuchFileException.class);
    }

    public static DestinationException failureOf(ThrowingCallable call) {
        return catchThrowableOfType(DestinationException.class, call);
    }
}
