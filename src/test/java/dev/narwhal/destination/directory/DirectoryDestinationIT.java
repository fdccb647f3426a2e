package dev.narwhal.destination.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationContract;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.TestContent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryDestinationIT {

    /** Staged on the same file system: linked. */
    @Nested
    class Linked extends DirectoryContract {
        @Override
        protected TestContent content(int length) throws IOException {
            return TestContent.random(length).stagedAt(Files.createTempFile(folder, "staged", ""));
        }

        @Test
        void deliver_sharesTheInode() throws Exception {
            TestContent content = content(10);

            DeliveryReceipt receipt = destination().deliver(job(ownKey(), 10), content, new MemoryJournal());

            assertThat(receipt.verifiedBy()).isEqualTo(Verification.SAME_FILE);
            assertThat(Files.isSameFile(root.resolve(ownKey()), content.file().orElseThrow()))
                    .isTrue();
        }

        @Test
        void deliver_nameIsOurInode_adoptsWithoutAnyMemory() throws Exception {
            TestContent content = content(10);
            destination().deliver(job(ownKey(), 10), content, new MemoryJournal());

            DeliveryReceipt second = destination().deliver(job(ownKey(), 10), content, new MemoryJournal());

            assertThat(second.adopted()).isTrue();
        }

        @Test
        void deliver_fiveGibibytes_copiesNothing() throws Exception {
            long length = (5L << 30) + 1;
            Path staged = folder.resolve("sparse");
            try (RandomAccessFile file = new RandomAccessFile(staged.toFile(), "rw")) {
                file.setLength(length);
            }
            DeliveryJob job =
                    new DeliveryJob(uploadId, ownKey(), PartPlan.of(length), null, null, Map.of(), OnConflict.FAIL, 1);

            destination().deliver(job, new SparseFile(staged, length), new MemoryJournal());

            Path delivered = root.resolve(ownKey());
            assertThat(Files.size(delivered)).isEqualTo(length);
            assertThat(Files.isSameFile(staged, delivered)).isTrue();
        }
    }

    /** Nothing to link: copied, which is also what happens across file systems. */
    @Nested
    class Copied extends DirectoryContract {
        @Override
        protected TestContent content(int length) {
            return TestContent.random(length);
        }

        @Test
        void deliver_noRoomAboveTheReserve_isRetryable() throws Exception {
            Destination tight = new DirectoryDestination(new DirectoryRoot(root, Optional.empty()), Long.MAX_VALUE);

            DestinationException failure =
                    failureOf(() -> tight.deliver(job(ownKey(), 10), content(10), new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
            assertThat(failure).hasMessageContaining("No room");
            assertThat(leftovers()).isEmpty();
        }

        @Test
        void deliver_anothersTemporaryFileOfOurs_isWrittenAnew() throws Exception {
            Path directory = Files.createDirectories(root.resolve("uploads/" + uploadId));
            Files.writeString(directory.resolve(".narwhal-" + uploadId), "half of a file that a crash has left");
            TestContent content = content(10);

            destination().deliver(again(job(ownKey(), 10)), content, new MemoryJournal());

            assertThat(stored(ownKey(), 10)).isEqualTo(content.bytes());
            assertThat(leftovers()).isEmpty();
        }

        /** As the journals of earlier versions have it: without the time at which the file was made. */
        @Test
        void deliver_oldIdentity_isStillOurs_butNothingIsRemovedByIt() throws Exception {
            TestContent content = content(10);
            MemoryJournal journal = new MemoryJournal();
            destination().deliver(job(ownKey(), 10), content, journal);
            assertThat(journal.completing("inode:" + Files.getAttribute(root.resolve(ownKey()), "unix:ino")))
                    .isTrue();

            DeliveryReceipt receipt = destination().deliver(again(job(ownKey(), 10)), content, journal.nextAttempt());
            destination().abandon(again(job(ownKey(), 10)), journal.nextAttempt());

            assertThat(receipt.adopted()).isTrue();
            assertThat(root.resolve(ownKey())).exists();
        }

        /** Numbers of files that have gone are given to the next, at once on some file systems. */
        @Test
        void abandon_anotherFileWithTheNumberOfOurs_stays() throws Exception {
            TestContent content = content(10);
            MemoryJournal journal = new MemoryJournal();
            destination().deliver(job(ownKey(), 10), content, journal);
            Path file = root.resolve(ownKey());
            String number = "inode:" + Files.getAttribute(file, "unix:ino");
            assertThat(journal.handle().orElseThrow()).startsWith(number + ":");
            assertThat(journal.completing(number + ":1234567890123456789")).isTrue();

            destination().abandon(again(job(ownKey(), 10)), journal.nextAttempt());

            assertThat(file).exists();
        }

        @Test
        void deliver_sameBytesOfAnother_isNotTakenForOurs() throws Exception {
            TestContent content = content(10);
            plant(ownKey(), content.bytes());

            DestinationException failure =
                    failureOf(() -> destination().deliver(again(job(ownKey(), 10)), content, new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        }
    }

    /** A staged file on another file system, where there is one. */
    @Nested
    class AcrossFileSystems extends DirectoryContract {
        @Override
        protected TestContent content(int length) throws IOException {
            Path shared = Path.of("/dev/shm");
            Path other = Files.isWritable(shared) ? shared : folder;
            Path staged = Files.createTempFile(other, "narwhal-staged", "");
            staged.toFile().deleteOnExit();
            return TestContent.random(length).stagedAt(staged);
        }
    }

    abstract static class DirectoryContract extends DestinationContract {

        @TempDir
        Path folder;

        Path root;
        private Destination destination;

        @BeforeEach
        void open() throws IOException {
            root = folder.resolve("some/deep/root");
            destination = new DirectoryDestination(new DirectoryRoot(root, Optional.empty()), 0);
        }

        @Override
        protected Destination destination() {
            return destination;
        }

        @Override
        protected void plant(String key, byte[] bytes) throws IOException {
            Path file = root.resolve(key);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        }

        @Override
        protected List<String> leftovers() throws IOException {
            try (Stream<Path> files = Files.walk(root)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.startsWith(".narwhal"))
                        .toList();
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "../escape",
                    "a/../../escape",
                    "/absolute",
                    "a//b",
                    "a/./b",
                    "..",
                    ".",
                    "a/",
                    "back\\slash",
                    "nul\0byte",
                    ".narwhal-ffffffffffffffffffffffffffffffff"
                })
        void deliver_hostileKey_isRefusedForGood(String key) throws Exception {
            TestContent content = content(10);

            DestinationException failure =
                    failureOf(() -> destination().deliver(job(key, 10), content, new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.FINAL);
            assertThat(folder.resolve("some/deep/escape")).doesNotExist();
            assertThat(folder.resolve("some/escape")).doesNotExist();
        }

        @Test
        void deliver_directoryInTheWay_isFinal() throws Exception {
            Files.createDirectories(root.resolve(ownKey()));
            TestContent content = content(10);

            for (OnConflict onConflict : List.of(OnConflict.FAIL, OnConflict.OVERWRITE)) {
                DestinationException failure = failureOf(
                        () -> destination().deliver(job(ownKey(), 10, onConflict), content, new MemoryJournal()));
                assertThat(failure.failure()).isEqualTo(Failure.FINAL);
            }
        }

        @Test
        void deliver_fileInTheWayOfADirectory_isFinal() throws Exception {
            Files.writeString(root.resolve("uploads"), "a file");
            TestContent content = content(10);

            DestinationException failure =
                    failureOf(() -> destination().deliver(job(ownKey(), 10), content, new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.FINAL);
        }

        @Test
        void abandon_removesTheUploadsOwnDirectory() throws Exception {
            TestContent content = content(10);
            MemoryJournal journal = new MemoryJournal();
            destination().deliver(job(ownKey(), 10), content, journal);

            destination().abandon(again(job(ownKey(), 10)), journal.nextAttempt());

            assertThat(root.resolve("uploads/" + uploadId)).doesNotExist();
            assertThat(root.resolve("uploads")).isDirectory();
        }
    }

    private record SparseFile(Path path, long length) implements ContentSource {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            try (FileChannel channel = FileChannel.open(path)) {
                return channel.read(target, position);
            }
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }
    }
}
