package dev.narwhal.staging;

import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.disk.Journal;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Where staged files lie: {@code ab/cd/{id}} by the first digits of the id, so that no directory grows beyond what a
 * person can list. Directories are never removed, which makes it safe to remember those that are durable.
 */
final class StagingTree {

    private static final int BRANCHES = 1 << 8;
    static final int LEAVES = 1 << 16;

    private final Path root;
    private final ChannelOpener opener;
    private final boolean synced;
    private final Journal journal;

    /** The {@code ab} and the {@code ab/cd} whose own entries have been synced by this process. */
    private final Numbers durableBranches = new Numbers(BRANCHES);

    private final Numbers durableLeaves = new Numbers(LEAVES);

    StagingTree(Path root, ChannelOpener opener, SyncMode sync, Journal journal) {
        this.root = root;
        this.opener = opener;
        this.synced = sync == SyncMode.ACK;
        this.journal = journal;
    }

    Path file(UploadId id) {
        return leaf(id).resolve(id.value());
    }

    /** The directory of the ids that begin with this number, 0 to {@link #LEAVES} - 1, in four digits. */
    Path leaf(int number) {
        String digits = HexFormat.of().toHexDigits(number, 4);
        return root.resolve(digits.substring(0, 2)).resolve(digits.substring(2));
    }

    private Path branch(UploadId id) {
        return root.resolve(id.value().substring(0, 2));
    }

    private Path leaf(UploadId id) {
        return branch(id).resolve(id.value().substring(2, 4));
    }

    /** Makes the empty file; its entry and those of new directories above it are durable when this returns. */
    void create(UploadId id) throws IOException {
        Uninterrupted.run(() -> makeFile(id));
        try {
            if (synced) {
                syncEntries(id);
                Uninterrupted.sync(journal::requireAlive);
            }
        } catch (IOException e) {
            discard(file(id), e);
            throw e;
        }
    }

    private void makeFile(UploadId id) throws IOException {
        if (!durableLeaves.contains(leafNumber(id))) {
            makeDirectories(id);
        }
        try {
            makeEmpty(id);
        } catch (NoSuchFileException e) {
            // Somebody removed the directory behind our back: it is new again.
            durableLeaves.remove(leafNumber(id));
            durableBranches.remove(branchNumber(id));
            makeDirectories(id);
            makeEmpty(id);
        }
    }

    private void makeDirectories(UploadId id) throws IOException {
        DurableDirectories.createIfMissing(branch(id));
        DurableDirectories.createIfMissing(leaf(id));
    }

    private void makeEmpty(UploadId id) throws IOException {
        opener.open(file(id), EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                .close();
    }

    /**
     * From the bottom up, after everything is made: a journalling file system commits all of it with the first sync, and
     * has little left to do for the next. Whoever finds a directory that is there but not known to be durable syncs as
     * well, and waits for nobody.
     */
    private void syncEntries(UploadId id) throws IOException {
        sync(leaf(id));
        if (durableLeaves.contains(leafNumber(id))) {
            return;
        }
        sync(branch(id));
        if (!durableBranches.contains(branchNumber(id))) {
            sync(root);
            durableBranches.add(branchNumber(id));
        }
        durableLeaves.add(leafNumber(id));
    }

    private static void sync(Path directory) throws IOException {
        Uninterrupted.sync(() -> DurableDirectories.sync(directory));
    }

    private static int branchNumber(UploadId id) {
        return Integer.parseInt(id.value(), 0, 2, 16);
    }

    private static int leafNumber(UploadId id) {
        return Integer.parseInt(id.value(), 0, 4, 16);
    }

    private static void discard(Path file, IOException why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** A set of small numbers, for any number of threads. */
    private static final class Numbers {

        private final AtomicIntegerArray words;

        Numbers(int bound) {
            words = new AtomicIntegerArray(bound / Integer.SIZE);
        }

        boolean contains(int number) {
            return (words.get(number / Integer.SIZE) & mask(number)) != 0;
        }

        void add(int number) {
            words.accumulateAndGet(number / Integer.SIZE, mask(number), (word, mask) -> word | mask);
        }

        void remove(int number) {
            words.accumulateAndGet(number / Integer.SIZE, mask(number), (word, mask) -> word & ~mask);
        }

        private static int mask(int number) {
            return 1 << (number % Integer.SIZE);
        }
    }
}
