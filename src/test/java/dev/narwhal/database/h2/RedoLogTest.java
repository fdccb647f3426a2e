package dev.narwhal.database.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.disk.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which log belongs to which file. */
class RedoLogTest {

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

    /** The log is of a file that somebody has written to since. */
    @ParameterizedTest
    @ValueSource(longs = {0, BLOCK + 100, 5 * BLOCK, 6 * BLOCK - 1})
    void open_fileWasWrittenToWithoutItsLog_isRefused(long at) throws IOException {
        leaveALogOverTwelveBlocks();
        try (FileChannel plain = FileChannel.open(path, WRITE)) {
            plain.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), at);
        }
        assertRefused();
    }

    @Test
    void open_fileWasLengthenedWithoutItsLog_isRefused() throws IOException {
        leaveALogOverTwelveBlocks();
        try (FileChannel plain = FileChannel.open(path, WRITE)) {
            plain.write(ByteBuffer.wrap(bytes(9, BLOCK)), 12 * BLOCK);
        }
        assertRefused();
    }

    @Test
    void open_withTheLogOfALaterState_isRefused() throws IOException {
        try (FileChannel file = open()) {
            synced(file, bytes(1, 12 * BLOCK), 0);
        }
        byte[] backup = Files.readAllBytes(path);
        leaveALogOverTwelveBlocks();
        Files.write(path, backup);
        assertRefused();
    }

    @Test
    void open_withTheLogOfAnEarlierState_isRefused() throws IOException {
        leaveALogOverTwelveBlocks();
        byte[] early = Files.readAllBytes(log);
        try (FileChannel file = open()) {
            synced(file, bytes(8, BLOCK), 5 * BLOCK);
            kill(file);
        }
        Files.write(log, early);
        assertRefused();
    }

    /** Twelve blocks; the log that is left begins with them, and changes the sixth. */
    private void leaveALogOverTwelveBlocks() throws IOException {
        try (FileChannel file = open()) {
            synced(file, bytes(7, 12 * BLOCK), 0);
        }
        try (FileChannel file = open()) {
            synced(file, bytes(4, BLOCK), 5 * BLOCK);
            kill(file);
        }
    }

    private void assertRefused() throws IOException {
        byte[] before = Files.readAllBytes(path);
        byte[] logBefore = Files.readAllBytes(log);
        assertThatThrownBy(this::open)
                .isInstanceOf(ForeignLogException.class)
                .hasMessageContaining("narwhal.data-dir")
                .hasMessageContaining(path + ".redo does not fit the database file " + path);
        assertThat(Files.readAllBytes(path)).isEqualTo(before);
        assertThat(Files.readAllBytes(log)).isEqualTo(logBefore);
    }

    /** What it goes on from need not be the last state: a log brings forward each one that it begins with, or leads to. */
    @Test
    void open_stateThatTheLogGoesOnFrom_isBroughtForward() throws IOException {
        byte[] first = bytes(1, 12 * BLOCK);
        try (FileChannel file = open()) {
            synced(file, first, 0);
        }
        byte[] second;
        byte[] last;
        try (FileChannel file = open()) {
            synced(file, bytes(2, BLOCK), 5 * BLOCK);
            file.truncate(7 * BLOCK);
            synced(file, bytes(3, 2 * BLOCK), 5 * BLOCK);
            second = Files.readAllBytes(path);
            synced(file, bytes(4, 4 * BLOCK), 7 * BLOCK);
            last = Files.readAllBytes(path);
            kill(file);
        }
        byte[] entries = Files.readAllBytes(log);
        byte[] cut = Arrays.copyOf(last, 8 * BLOCK + 700);
        // Of the sectors of one block some are as before.
        System.arraycopy(first, 5 * BLOCK + 512, cut, 5 * BLOCK + 512, 1024);
        for (byte[] state : List.of(first, second, last, cut)) {
            Files.write(log, entries);
            Files.write(path, state);
            open().close();
            assertThat(Files.readAllBytes(path)).isEqualTo(last);
        }
    }

    /** Versions before logs had an origin leave theirs behind, also where they were stopped in good order. */
    @Test
    void open_withALogOfTheFormerFormat_doesWhatItSays() throws IOException {
        byte[] before = bytes(1, 4 * BLOCK);
        byte[] after = bytes(2, BLOCK);
        Files.write(path, before);
        Files.write(
                log,
                concat(formerEntry(7, 4 * BLOCK, BLOCK, bytes(3, BLOCK)), formerEntry(8, 3 * BLOCK, BLOCK, after)));

        open().close();

        byte[] expected = Arrays.copyOf(before, 3 * BLOCK);
        System.arraycopy(after, 0, expected, BLOCK, BLOCK);
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
        assertThat(log).isEmptyFile();
    }

    private static byte[] formerEntry(long number, long fileSize, long position, byte[] block) {
        ByteBuffer entry = ByteBuffer.allocate(40 + BLOCK);
        entry.put("Narwhal1".getBytes(US_ASCII)).putLong(number).putLong(fileSize);
        entry.putInt(1).putInt(0).putLong(position).put(block);
        CRC32C crc = new CRC32C();
        crc.update(entry.array());
        return entry.putInt(28, (int) crc.getValue()).array();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    @Test
    void open_withALogOfALaterFormat_isRefused() throws IOException {
        Files.write(path, bytes(1, BLOCK));
        Files.write(log, concat("Narwhal7".getBytes(US_ASCII), bytes(2, BLOCK)));

        assertThatThrownBy(this::open)
                .isInstanceOf(ForeignLogException.class)
                .hasMessageContaining("begins with 'Narwhal7'");
        assertThat(Files.size(log)).isEqualTo(8 + BLOCK);
    }

    @Test
    void open_journalGivenUpDuringTheSyncOfTheFile_keepsTheLog() throws IOException {
        leaveALogOverTwelveBlocks();
        byte[] entries = Files.readAllBytes(log);
        AtomicInteger asked = new AtomicInteger();
        Journal gone = () -> {
            if (asked.getAndIncrement() > 0) {
                throw new IOException("Read-only file system");
            }
        };
        try (AtomicFile file = new AtomicFile(
                FileChannel.open(path, READ, WRITE), redoLog(FileChannel.open(log, READ, WRITE), gone))) {
            assertThatThrownBy(() -> file.tryLock(0, Long.MAX_VALUE, false)).hasMessage("Read-only file system");
        }
        assertThat(Files.readAllBytes(log)).isEqualTo(entries);
    }

    private static byte[] bytes(int seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
