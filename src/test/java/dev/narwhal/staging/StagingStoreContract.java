package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every staging store does; run by each of them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class StagingStoreContract {

    private static final int LENGTH = 700_001;
    private static final int BETWEEN_FLUSHES = 20_000;

    private final UploadId id = UploadId.random();

    /** The store under test; the same one throughout a test. */
    abstract StagingStore store();

    /** Loses the end of a staged file behind the store's back. */
    abstract void truncate(UploadId id, long size) throws IOException;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void append_randomChunksFlushesAndReopenings_keepsWhatWasFlushed(long seed) throws IOException {
        byte[] content = Bytes.random(LENGTH, seed);
        Random random = new Random(seed);
        store().admit(id, LENGTH);
        int durable = 0;
        while (durable < LENGTH) {
            durable = appendUntilItBreaks(content, durable, random);
            assertThat(Bytes.read(store(), id, durable)).isEqualTo(Arrays.copyOf(content, durable));
        }
        try (StagedContent staged = store().read(id, LENGTH)) {
            assertThat(staged.length()).isEqualTo(LENGTH);
            assertThat(staged.read(ByteBuffer.allocate(1), LENGTH)).isEqualTo(-1);
        }
    }

    /** One body: random reads, random flushes, then closed without one, as after a crash. */
    private int appendUntilItBreaks(byte[] content, int offset, Random random) throws IOException {
        int end = Math.min(LENGTH, offset + random.nextInt(LENGTH));
        long expected = random.nextBoolean() ? -1 : LENGTH - offset;
        int largestRead = 1 << random.nextInt(17);
        int durable = offset;
        try (StagedAppend append = store().append(id, offset, expected)) {
            int at = offset;
            while (at < end) {
                int read = Bytes.fill(append, content, at, Math.min(end - at, 1 + random.nextInt(largestRead)));
                at += read;
                assertThat(append.position()).isEqualTo(at);
                if (random.nextInt(BETWEEN_FLUSHES) < read || at == LENGTH) {
                    durable = (int) append.flush();
                    assertThat(durable).isEqualTo(at);
                }
            }
        }
        return durable;
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void flush_whileTheReaderFillsTheRoom_holdsWhatWasAnnounced(long seed) throws Exception {
        byte[] content = Bytes.random(4 * LENGTH, seed);
        store().admit(id, content.length);
        ReentrantLock lock = new ReentrantLock();
        AtomicBoolean over = new AtomicBoolean();
        try (StagedAppend append = store().append(id, 0, -1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> flusher = threads.submit(() -> flushAndCompare(append, content, lock, over));
            readSlowly(append, content, lock, new Random(seed));
            over.set(true);
            flusher.get();
            assertThat(append.flush()).isEqualTo(content.length);
        }
        assertThat(Bytes.read(store(), id, content.length)).isEqualTo(content);
    }

    private static void readSlowly(StagedAppend append, byte[] content, ReentrantLock lock, Random random)
            throws IOException {
        int at = 0;
        while (at < content.length) {
            ByteBuffer room = locked(lock, append::buffer);
            int bytes = Math.min(Math.min(room.remaining(), content.length - at), 1 + random.nextInt(9000));
            for (int i = 0; i < bytes; i++) {
                room.put(content[at + i]);
            }
            locked(lock, () -> {
                append.received(bytes);
                return bytes;
            });
            at += bytes;
        }
    }

    private Void flushAndCompare(StagedAppend append, byte[] content, ReentrantLock lock, AtomicBoolean over)
            throws IOException {
        while (!over.get()) {
            int durable = locked(lock, () -> (int) append.flush());
            assertThat(Bytes.read(store(), id, durable)).isEqualTo(Arrays.copyOf(content, durable));
        }
        return null;
    }

    private static <T> T locked(ReentrantLock lock, Callable<T> work) throws IOException {
        lock.lock();
        try {
            return work.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }

    @Test
    void isLonger_tellsWhatAnAppendWouldCut() throws IOException {
        assertThat(store().isLonger(UploadId.random(), 0)).as("no file").isFalse();
        stage(Bytes.random(100, 21));

        assertThat(store().isLonger(id, 99)).isTrue();
        assertThat(store().isLonger(id, 100)).isFalse();
        assertThat(store().isLonger(id, 101)).isFalse();
    }

    @Test
    void append_offsetBelowTheEnd_cutsWhatTheRowDoesNotKnow() throws IOException {
        byte[] content = Bytes.random(100_000, 20);
        stage(content);
        try (StagedAppend append = store().append(id, 33_333, -1)) {
            assertThat(append.position()).isEqualTo(33_333);
            assertThatThrownBy(() -> store().read(id, 33_334)).isInstanceOf(StagingDamagedException.class);
            Bytes.append(append, content, 0, 10);
            append.flush();
        }
        assertThat(Bytes.read(store(), id, 33_343))
                .startsWith(Arrays.copyOf(content, 33_333))
                .endsWith(Arrays.copyOf(content, 10));
    }

    @Test
    void append_fileShorterThanTheRow_isDamageAndTouchesNothing() throws IOException {
        byte[] content = Bytes.random(10_000, 21);
        stage(content);
        truncate(id, 9_000);
        assertThatThrownBy(() -> store().append(id, 10_000, -1))
                .isInstanceOf(StagingDamagedException.class)
                .hasMessageContaining(id.value())
                .hasMessageContaining("9000")
                .hasMessageContaining("10000");
        assertThatThrownBy(() -> store().read(id, 10_000)).isInstanceOf(StagingDamagedException.class);
        assertThat(Bytes.read(store(), id, 9_000)).isEqualTo(Arrays.copyOf(content, 9_000));
    }

    @Test
    void append_fileMissing_isDamage() {
        assertThatThrownBy(() -> store().append(id, 1, -1)).isInstanceOf(StagingDamagedException.class);
        assertThatThrownBy(() -> store().read(id, 1)).isInstanceOf(StagingDamagedException.class);
        assertThatThrownBy(() -> store().readOnce(id, 1)).isInstanceOf(StagingDamagedException.class);
    }

    @Test
    void append_offset0AndNoFile_createsIt() throws IOException {
        byte[] content = Bytes.random(5, 22);
        assertThat(store().isLonger(id, 0)).isFalse();
        assertThat(Bytes.read(store(), id, 0)).isEmpty();
        try (StagedAppend append = store().append(id, 0, 5)) {
            Bytes.append(append, content, 0, 5);
            assertThat(append.flush()).isEqualTo(5);
        }
        assertThat(Bytes.read(store(), id, 5)).isEqualTo(content);
    }

    @Test
    void append_offset0AndBytesOfAnInterruptedBody_cutsThem() throws IOException {
        stage(Bytes.random(50_000, 37));
        byte[] content = Bytes.random(5, 38);
        try (StagedAppend append = store().append(id, 0, 5)) {
            assertThatThrownBy(() -> store().read(id, 1)).isInstanceOf(StagingDamagedException.class);
            Bytes.append(append, content, 0, 5);
            append.flush();
        }
        assertThat(Bytes.read(store(), id, 5)).isEqualTo(content);
        assertThat(store().isLonger(id, 5)).isFalse();
    }

    @Test
    void create_idWhoseFileIsThere_itsBodyIsRefusedAndTheBytesStay() throws IOException {
        byte[] content = Bytes.random(5, 22);
        stage(content);
        store().admit(id, 0);
        try (StagedAppend append = store().append(id, 0, 3)) {
            assertThatThrownBy(() -> {
                        Bytes.append(append, content, 2, 5);
                        append.flush();
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(Bytes.read(store(), id, 5)).isEqualTo(content);
    }

    @Test
    void read_emptyUpload_endsAtOnce() throws IOException {
        store().admit(id, 0);
        try (StagedContent content = store().read(id, 0)) {
            assertThat(content.read(ByteBuffer.allocate(10), 0)).isEqualTo(-1);
            assertThat(content.length()).isZero();
        }
    }

    @Test
    void read_severalThreadsAndADelete_staysReadable() throws Exception {
        byte[] content = Bytes.random(300_000, 23);
        stage(content);
        List<Future<byte[]>> readers = new ArrayList<>();
        try (StagedContent staged = store().read(id, content.length);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                readers.add(threads.submit(() -> Bytes.read(staged)));
            }
            store().delete(id);
            for (Future<byte[]> reader : readers) {
                assertThat(reader.get()).isEqualTo(content);
            }
            assertThat(Bytes.read(staged)).isEqualTo(content);
        }
    }

    @Test
    void read_aPartInTheMiddle_doesNotPassTheLength() throws IOException {
        byte[] content = Bytes.random(1_000, 24);
        stage(content);
        try (StagedContent staged = store().read(id, 600)) {
            ByteBuffer target = ByteBuffer.allocate(500);
            assertThat(staged.read(target, 400)).isEqualTo(200);
            assertThat(target.limit()).isEqualTo(500);
            assertThat(Arrays.copyOf(target.array(), 200)).isEqualTo(Arrays.copyOfRange(content, 400, 600));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 65536",
        "4096, 65536",
        "4096, 1048576",
        "4095, 65536",
        "8192, 70000",
        "249856, 65536",
        "299008, 16384"
    })
    void read_intoMemoryForDirectReads_givesWhatWasAppendedAndNoMore(int from, int room) throws IOException {
        byte[] content = Bytes.random(300_000, 39);
        stage(content);
        int length = content.length - 5;
        try (StagedContent staged = store().read(id, length)) {
            ByteBuffer target =
                    ByteBuffer.allocateDirect(room + 8192).alignedSlice(4096).limit(room);
            int read = staged.read(target, from);
            assertThat(read).isEqualTo(target.position()).isBetween(1, Math.min(room, length - from));
            assertThat(target.limit()).isEqualTo(room);
            byte[] found = new byte[read];
            target.get(0, found);
            assertThat(found).isEqualTo(Arrays.copyOfRange(content, from, from + read));
            assertThat(staged.read(target.clear().limit(room), length)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 100_001})
    void readOnce_fromAnywhere_givesWhatWasAppended(int from) throws IOException {
        byte[] content = Bytes.random(300_000 + from, 34);
        stage(content);
        try (StagedContent staged = store().readOnce(id, content.length - 3)) {
            assertThat(staged.length()).isEqualTo(content.length - 3);
            ByteBuffer target = ByteBuffer.allocate(content.length);
            int read = staged.read(target.slice(from, 700), from);
            for (int at = from; read > 0; read = staged.read(target.slice(at, target.capacity() - at), at)) {
                at += read;
                target.position(at);
            }
            assertThat(target.position()).isEqualTo(content.length - 3);
            assertThat(Arrays.copyOfRange(target.array(), from, content.length - 3))
                    .isEqualTo(Arrays.copyOfRange(content, from, content.length - 3));
            assertThat(staged.read(ByteBuffer.allocate(1), 0)).isEqualTo(1);
            staged.close();
        }
    }

    @Test
    void readOnce_besideAnAppend_seesWhatWasFlushed() throws IOException {
        byte[] content = Bytes.random(200_000, 35);
        store().admit(id, content.length);
        try (StagedAppend append = store().append(id, 0, content.length)) {
            for (int end : new int[] {3, 70_001, 70_002, 200_000}) {
                Bytes.append(append, content, (int) append.position(), end);
                append.flush();
                try (StagedContent staged = store().readOnce(id, end)) {
                    assertThat(Bytes.read(staged)).isEqualTo(Arrays.copyOf(content, end));
                }
            }
        }
    }

    @Test
    void readOnce_fileTooShortOrMissing_isDamage() throws IOException {
        stage(Bytes.random(10_000, 36));
        assertThatThrownBy(() -> store().readOnce(id, 10_001)).isInstanceOf(StagingDamagedException.class);
        try (StagedContent staged = store().readOnce(id, 10_000)) {
            truncate(id, 5_000);
            assertThatThrownBy(() -> Bytes.read(staged)).isInstanceOf(StagingDamagedException.class);
        }
        assertThatThrownBy(() -> store().readOnce(UploadId.random(), 1)).isInstanceOf(StagingDamagedException.class);
    }

    @Test
    void delete_twice_isNothingTheSecondTime() throws IOException {
        stage(Bytes.random(10, 25));
        store().delete(id);
        store().delete(id);
        assertThatThrownBy(() -> store().read(id, 0)).isInstanceOf(StagingDamagedException.class);
    }

    @Test
    void append_secondBody_fencesOffTheFirst() throws IOException {
        byte[] lost = Bytes.random(200_000, 26);
        byte[] kept = Bytes.random(200_000, 27);
        store().admit(id, kept.length);
        StagedAppend first = store().append(id, 0, -1);
        Bytes.append(first, lost, 0, 150_000);
        ByteBuffer roomOfABlockedReader = first.buffer();
        try (StagedAppend second = store().append(id, 0, -1)) {
            Bytes.append(second, kept, 0, 100_000);
            roomOfABlockedReader.put((byte) 1);
            assertThatThrownBy(() -> first.received(1)).isInstanceOf(IOException.class);
            assertThatThrownBy(first::flush).isInstanceOf(IOException.class);
            assertThatThrownBy(first::buffer).isInstanceOf(IOException.class);
            first.close();
            Bytes.append(second, kept, 100_000, kept.length);
            assertThat(second.flush()).isEqualTo(kept.length);
        }
        assertThat(Bytes.read(store(), id, kept.length)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 40_000, 150_000})
    void discard_aBody_leavesTheFileAsItWasBefore(int bytes) throws IOException {
        byte[] kept = Bytes.random(12_345, 29);
        stage(kept);
        try (StagedAppend append = store().append(id, kept.length, 200_000)) {
            Bytes.append(append, Bytes.random(bytes, 30), 0, bytes);
            append.buffer().put((byte) 1);
            append.discard();
            append.discard();
            assertThatThrownBy(() -> append.received(1)).isInstanceOf(IOException.class);
            assertThatThrownBy(append::flush).isInstanceOf(IOException.class);
            assertThatThrownBy(append::buffer).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> store().read(id, kept.length + 1)).isInstanceOf(StagingDamagedException.class);
        assertThat(Bytes.read(store(), id, kept.length)).isEqualTo(kept);
    }

    @Test
    void discard_afterAFlush_takesTheFlushedBytesBackToo() throws IOException {
        byte[] lost = Bytes.random(100_000, 31);
        store().admit(id, 0);
        try (StagedAppend append = store().append(id, 0, lost.length)) {
            Bytes.append(append, lost, 0, lost.length);
            append.flush();
            append.discard();
        }
        assertThatThrownBy(() -> store().read(id, 1)).isInstanceOf(StagingDamagedException.class);
    }

    @Test
    void discard_ofADisplacedBody_doesNotTouchItsSuccessor() throws IOException {
        byte[] kept = Bytes.random(100_000, 32);
        store().admit(id, 0);
        StagedAppend first = store().append(id, 0, -1);
        Bytes.append(first, Bytes.random(50_000, 33), 0, 50_000);
        try (StagedAppend second = store().append(id, 0, -1)) {
            Bytes.append(second, kept, 0, 60_000);
            first.discard();
            first.close();
            Bytes.append(second, kept, 60_000, kept.length);
            second.flush();
        }
        assertThat(Bytes.read(store(), id, kept.length)).isEqualTo(kept);
    }

    @Test
    void delete_whileABodyComes_endsTheBody() throws IOException {
        store().admit(id, 0);
        try (StagedAppend append = store().append(id, 0, -1)) {
            Bytes.append(append, Bytes.random(100_000, 28), 0, 100_000);
            store().delete(id);
            assertThatThrownBy(append::flush).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> store().read(id, 0)).isInstanceOf(StagingDamagedException.class);
    }

    @Test
    void buffer_askedTwice_givesTheSameRoom() throws IOException {
        store().admit(id, 0);
        try (StagedAppend append = store().append(id, 0, -1)) {
            append.buffer().put((byte) 7);
            assertThat(append.buffer().get()).isEqualTo((byte) 7);
            append.received(0);
            assertThat(append.buffer().get()).isEqualTo((byte) 7);
            append.received(1);
            assertThat(append.flush()).isEqualTo(1);
        }
        assertThat(Bytes.read(store(), id, 1)).containsExactly(7);
    }

    @Test
    void received_moreThanTheRoom_isRefused() throws IOException {
        store().admit(id, 0);
        try (StagedAppend append = store().append(id, 0, -1)) {
            int room = append.buffer().remaining();
            assertThatThrownBy(() -> append.received(room + 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> append.received(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void close_twice_andNothingAfterIt() throws IOException {
        store().admit(id, 0);
        StagedAppend append = store().append(id, 0, -1);
        append.close();
        append.close();
        assertThatThrownBy(append::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(append::buffer).isInstanceOf(IOException.class);
    }

    @Test
    void volume_isHeldHere_andNoOther() {
        assertThat(store().holds(store().volume())).isTrue();
        assertThat(store().holds("0123")).isFalse();
    }

    private void stage(byte[] content) throws IOException {
        store().admit(id, content.length);
        try (StagedAppend append = store().append(id, 0, content.length)) {
            Bytes.append(append, content, 0, content.length);
            append.flush();
        }
    }
}
