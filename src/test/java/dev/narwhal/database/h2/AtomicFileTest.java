package dev.narwhal.database.h2;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.disk.Journal;
import dev.narwhal.testkit.ForwardingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {

    private static final int BLOCK = AtomicFile.BLOCK;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path path = Path.of("");
    private Path log = Path.of("");

    @BeforeEach
    void names() {
        AtomicFilePath.register();
        UninterruptedFilePath.register();
        path = directory.resolve("file");
        log = directory.resolve("file.redo");
    }

    private FileChannel open() throws IOException {
        FileChannel file =
                FilePath.get(AtomicFilePath.SCHEME + ":uninterrupted:" + path).open("rw");
        assertThat(file.tryLock()).isNotNull();
        return file;
    }

    /** As a kill does: the file and its log stay as they are. */
    private void kill(FileChannel file) throws IOException {
        byte[] left = Files.readAllBytes(path);
        byte[] leftOfLog = Files.readAllBytes(log);
        file.close();
        Files.write(path, left);
        Files.write(log, leftOfLog);
    }

    private RedoLog redoLog(FileChannel channel, Journal journal) {
        return new RedoLog(channel, path.toString(), journal);
    }

    private static void synced(FileChannel file, byte[] bytes, long at) throws IOException {
        file.write(ByteBuffer.wrap(bytes), at);
        file.force(true);
    }

    @Test
    void write_isReadAtOnce_andReachesTheFileWithTheSync() throws IOException {
        try (FileChannel file = open()) {
            file.write(ByteBuffer.wrap(bytes(1, 3 * BLOCK)), BLOCK);
            assertThat(file.size()).isEqualTo(4 * BLOCK);
            assertThat(read(file, BLOCK + 100, 2 * BLOCK))
                    .isEqualTo(Arrays.copyOfRange(bytes(1, 3 * BLOCK), 100, 100 + 2 * BLOCK));
            assertThat(path).isEmptyFile();
            file.force(true);
            assertThat(Files.size(path)).isEqualTo(4 * BLOCK);
            file.write(ByteBuffer.wrap(bytes(2, BLOCK)), 2 * BLOCK);
            assertThat(read(file, BLOCK, 3 * BLOCK))
                    .startsWith(Arrays.copyOf(bytes(1, 3 * BLOCK), BLOCK))
                    .contains(bytes(2, BLOCK)[7], org.assertj.core.data.Index.atIndex(BLOCK + 7));
        }
        assertThat(Arrays.copyOfRange(Files.readAllBytes(path), BLOCK, 4 * BLOCK))
                .isEqualTo(bytes(1, 3 * BLOCK));
    }

    /** The log is durable, and nothing of the file. */
    @Test
    void open_afterACrash_doesAgainWhatTheLogSays() throws IOException {
        try (FileChannel file = open()) {
            file.write(ByteBuffer.wrap(bytes(1, 2 * BLOCK)), 0);
            file.force(true);
            file.write(ByteBuffer.wrap(bytes(2, BLOCK)), 5 * BLOCK);
            file.force(true);
            file.truncate(3 * BLOCK);
            file.write(ByteBuffer.wrap(bytes(3, BLOCK)), BLOCK);
            file.force(true);
            kill(file);
        }
        byte[] whole = Files.readAllBytes(path);
        assertThat(whole).hasSize(3 * BLOCK);
        Files.write(path, new byte[] {1, 2, 3});
        try (FileChannel file = open()) {
            assertThat(read(file, 0, whole.length)).startsWith(Arrays.copyOf(whole, 2 * BLOCK));
        }
        assertThat(Arrays.copyOf(Files.readAllBytes(path), 2 * BLOCK)).isEqualTo(Arrays.copyOf(whole, 2 * BLOCK));
        assertThat(log).isEmptyFile();
    }

    /** The buffers of one sync are those of the next: a smaller one must have nothing of a larger one before it. */
    @Test
    void open_afterSyncsOfDifferentSizes_hasTheBytesOfEach() throws IOException {
        byte[] expected = new byte[400 * BLOCK];
        try (FileChannel file = open()) {
            int[] blocks = {1, 300, 2, 40, 1, 300, 7};
            for (int round = 0; round < blocks.length; round++) {
                byte[] written = bytes(round, blocks[round] * BLOCK);
                file.write(ByteBuffer.wrap(written), (long) round * BLOCK);
                System.arraycopy(written, 0, expected, round * BLOCK, written.length);
                file.write(ByteBuffer.wrap(written, 0, BLOCK), (399L - round) * BLOCK);
                System.arraycopy(written, 0, expected, (399 - round) * BLOCK, BLOCK);
                file.force(true);
            }
            assertThat(read(file, 0, expected.length)).isEqualTo(expected);
            kill(file);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
        try (FileChannel torn = FileChannel.open(path, WRITE)) {
            torn.truncate(BLOCK);
        }
        try (FileChannel file = open()) {
            assertThat(read(file, 0, expected.length)).isEqualTo(expected);
        }
    }

    @Test
    void open_withATornEntry_leavesTheFileBeforeIt() throws IOException {
        byte[] before = bytes(1, 2 * BLOCK);
        long end;
        try (FileChannel file = open()) {
            synced(file, before, 0);
            end = Files.size(log);
            synced(file, bytes(2, 2 * BLOCK), 0);
            kill(file);
        }
        byte[] entries = Files.readAllBytes(log);
        assertThat(entries.length).isEqualTo(2 * end - LogOrigin.LENGTH);
        entries[(int) end + 5000] ^= 1;
        Files.write(log, entries);
        Files.write(path, before);
        try (FileChannel file = open()) {
            assertThat(read(file, 0, 2 * BLOCK)).isEqualTo(before);
        }
    }

    /** More than the log holds: it begins anew, and what is left of the old entries is not done again. */
    @Test
    void open_afterTheLogBeganAnew_isTheLastSync() throws IOException {
        byte[] last = new byte[0];
        try (FileChannel file = open()) {
            for (int round = 0; round < 40; round++) {
                last = bytes(round, 1 << 20);
                synced(file, last, 0);
            }
            kill(file);
        }
        assertThat(Files.size(log)).isBetween(1L << 20, 20L << 20);
        try (FileChannel file = open()) {
            assertThat(read(file, 0, 1 << 20)).isEqualTo(last);
        }
    }

    /**
     * Before the log begins anew the file is synced. When that fails the kernel has lost some of it, and a second sync would
     * succeed: the log is all that is left, and is kept for whoever opens the file next.
     */
    @Test
    void force_afterASyncOfTheFileHasFailed_keepsTheLog() throws IOException {
        LosingFile losing = new LosingFile(FileChannel.open(path, CREATE, READ, WRITE));
        byte[] kept = bytes(1, 1 << 20);
        try (AtomicFile file =
                new AtomicFile(losing, redoLog(FileChannel.open(log, CREATE, READ, WRITE), Journal.NONE))) {
            for (int at = 0; losing.syncs < 2; at++) {
                file.write(ByteBuffer.wrap(kept), (long) at << 20);
                try {
                    file.force(true);
                } catch (IOException e) {
                    assertThatThrownBy(() -> file.force(true)).isInstanceOf(IOException.class);
                    assertThatThrownBy(() -> file.force(true)).isInstanceOf(IOException.class);
                }
            }
        }
        try (FileChannel file = open()) {
            assertThat(read(file, 0, 1 << 20)).isEqualTo(kept);
        }
    }

    @Test
    void force_journalGivenUpDuringTheSync_fails() throws IOException {
        Journal gone = () -> {
            throw new IOException("Read-only file system");
        };
        try (AtomicFile file = new AtomicFile(
                FileChannel.open(path, CREATE, READ, WRITE),
                redoLog(FileChannel.open(log, CREATE, READ, WRITE), gone))) {
            file.write(ByteBuffer.wrap(bytes(1, BLOCK)), 0);
            assertThatThrownBy(() -> file.force(true)).hasMessageContaining("Read-only");
        }
    }

    /**
     * What the log was given and never kept is read from memory when the file is opened next, after a kill as well as after a
     * sync that has failed. When the power goes while it is done to the file, the log must have it.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void open_powerGoesWhileItDoesAgainWhatWasNeverSynced_isWhole(boolean syncFailed) throws IOException {
        byte[] before = bytes(1, 4 * BLOCK);
        byte[] after = bytes(2, 4 * BLOCK);
        try (FileChannel file = open()) {
            file.write(ByteBuffer.wrap(before), 0);
            file.force(true);
        }
        ForgetfulFile disk = new ForgetfulFile(log, FileChannel.open(log, READ, WRITE));
        try (AtomicFile file = new AtomicFile(FileChannel.open(path, READ, WRITE), redoLog(disk, Journal.NONE))) {
            assertThat(file.tryLock(0, Long.MAX_VALUE, false)).isNotNull();
            file.write(ByteBuffer.wrap(after), 0);
            disk.failSync(syncFailed);
            assertThatThrownBy(() -> file.force(true)).isInstanceOf(IOException.class);
        }
        ForgetfulFile again = disk.reopened(FileChannel.open(log, READ, WRITE));
        try (AtomicFile file =
                new AtomicFile(new CutFile(FileChannel.open(path, READ, WRITE)), redoLog(again, Journal.NONE))) {
            assertThatThrownBy(() -> file.tryLock(0, Long.MAX_VALUE, false)).hasMessage("The power went");
        }
        again.cutPower();

        try (FileChannel file = open()) {
            assertThat(read(file, 0, 4 * BLOCK)).isIn(before, after);
        }
    }

    /** A file that keeps the first half of a write, and no more. */
    private static final class CutFile extends ForwardingFile {

        CutFile(FileChannel real) {
            super(real);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int unused = super.write(source.slice(source.position(), source.remaining() / 2), position);
            throw new IOException("The power went");
        }
    }

    /** A file whose second sync, the first one with something in it, fails and loses all that was written. */
    private static final class LosingFile extends ForwardingFile {

        private int syncs;

        LosingFile(FileChannel real) {
            super(real);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (syncs++ == 1) {
                int unused = real.write(ByteBuffer.allocate((int) real.size()), 0);
                throw new IOException("Input/output error");
            }
            super.force(metaData);
        }
    }

    @Test
    void close_leavesNothingInTheLog() throws IOException {
        byte[] kept = bytes(1, 2 * BLOCK);
        try (FileChannel file = open()) {
            synced(file, kept, 0);
            file.write(ByteBuffer.wrap(bytes(2, BLOCK)), 0);
        }
        assertThat(log).isEmptyFile();
        assertThat(Files.readAllBytes(path)).isEqualTo(kept);
    }

    @Test
    void lockGivenBack_leavesNothingInTheLog() throws IOException {
        try (FileChannel file =
                FilePath.get(AtomicFilePath.SCHEME + ":uninterrupted:" + path).open("rw")) {
            FileLock lock = file.tryLock();
            synced(file, bytes(1, BLOCK), 0);
            lock.release();
            assertThat(log).isEmptyFile();
        }
    }

    /** Before the log begins anew, and before it is emptied, the sync of the file must be one that can be believed. */
    @Test
    void force_journalGivenUpDuringTheSyncOfTheFile_keepsTheLog() throws IOException {
        byte[] kept = bytes(1, 1 << 20);
        AtomicInteger synced = new AtomicInteger();
        FileChannel counting = new ForwardingFile(FileChannel.open(path, CREATE, READ, WRITE)) {
            @Override
            public void force(boolean metaData) throws IOException {
                super.force(metaData);
                synced.incrementAndGet();
            }
        };
        RedoLog redo = redoLog(FileChannel.open(log, CREATE, READ, WRITE), () -> {
            if (synced.get() > 1) {
                throw new IOException("Read-only file system");
            }
        });
        try (AtomicFile file = new AtomicFile(counting, redo)) {
            assertThat(file.tryLock(0, Long.MAX_VALUE, false)).isNotNull();
            assertThatThrownBy(() -> {
                        for (long at = 0; ; at++) {
                            synced(file, kept, at << 20);
                        }
                    })
                    .hasMessage("Read-only file system");
        }
        assertThat(Files.size(log)).isGreaterThan(16L << 20);
        Files.write(path, new byte[0]);
        try (FileChannel file = open()) {
            assertThat(read(file, 0, 1 << 20)).isEqualTo(kept);
        }
    }

    @Test
    void close_withoutASync_keepsNothing() throws IOException {
        try (FileChannel file = open()) {
            file.write(ByteBuffer.wrap(bytes(1, BLOCK)), 0);
        }
        assertThat(path).isEmptyFile();
        assertThat(log).isEmptyFile();
    }

    @Test
    void write_ofPartOfABlock_isRefused() throws IOException {
        try (FileChannel file = open()) {
            assertThatThrownBy(() -> file.write(ByteBuffer.wrap(bytes(1, 100)), 0))
                    .isInstanceOf(IOException.class);
        }
    }

    private static byte[] read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        assertThat(file.read(target, at)).isEqualTo(length);
        return target.array();
    }

    private static byte[] bytes(int seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
