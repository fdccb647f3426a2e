package dev.narwhal.staging;

import dev.narwhal.disk.DirectorySync;
import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of staged files: {@code ab/{id}} by the first digits of the id, so that no directory grows too large to
 * list. The 256 directories are created and synced when the tree is opened, and stay.
 *
 * <p>Earlier versions put a file at {@code ab/cd/{id}}. Such a file stays there until its upload ends.
 */
final class StagingTree {

    private static final Logger log = LoggerFactory.getLogger(StagingTree.class);

    private static final int BRANCHES = 1 << 8;
    private static final int DIGITS = 2;

    private final Path root;
    private final ChannelOpener opener;
    private final MountedVolume mounted;
    private final boolean synced;

    /** The directories, at most 256, whose own entries this process has synced. */
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    private final ConcurrentHashMap<Path, DirectorySync> syncs = new ConcurrentHashMap<>();

    private StagingTree(Path root, ChannelOpener opener, SyncMode sync, MountedVolume mounted) {
        this.root = root;
        this.opener = opener;
        this.synced = sync == SyncMode.ACK;
        this.mounted = mounted;
    }

    /** Creates the directories, and removes empty ones of earlier versions, of which there were up to 65,536. */
    static StagingTree open(Path root, ChannelOpener opener, SyncMode sync, MountedVolume mounted) throws IOException {
        StagingTree tree = new StagingTree(root, opener, sync, mounted);
        tree.makeBranches();
        for (Path branch : tree.branches()) {
            removeEmpty(branch);
        }
        return tree;
    }

    /** A directory that cannot be created now, on a full disk for example, is tried again with its first file. */
    private void makeBranches() {
        try {
            for (Path branch : branches()) {
                if (!Files.isDirectory(branch)) {
                    DurableDirectories.createIfMissing(branch);
                }
            }
            if (synced) {
                // Also those that were there: their creator may have died before its sync.
                DurableDirectories.sync(root);
            }
            durable.addAll(branches());
        } catch (IOException e) {
            log.warn("staging.directories-not-made directory={} {}", root, e.toString());
        }
    }

    private static void removeEmpty(Path branch) throws IOException {
        if (!Files.isDirectory(branch)) {
            return;
        }
        try (DirectoryStream<Path> former = Files.newDirectoryStream(branch, StagingTree::isFormerDirectory)) {
            for (Path directory : former) {
                removeIfEmpty(directory);
            }
        }
    }

    /** The name may belong to somebody else: only an empty directory is removed. */
    private static void removeIfEmpty(Path directory) {
        try {
            Files.delete(directory);
        } catch (IOException e) {
            log.debug("staging.directory-kept directory={} {}", directory, e.toString());
        }
    }

    /** All 256 possible directories, in the order of their names. */
    List<Path> branches() {
        return IntStream.range(0, BRANCHES)
                .mapToObj(number -> root.resolve(HexFormat.of().toHexDigits(number, DIGITS)))
                .toList();
    }

    /** Whether the path has the form {@code ab/cd} of an earlier version. */
    static boolean isFormerDirectory(Path inABranch) {
        return inABranch.getFileName().toString().length() == DIGITS && Files.isDirectory(inABranch);
    }

    /** The path of a new file of this id. */
    Path file(UploadId id) {
        return branch(id).resolve(id.value());
    }

    /** Its path in earlier versions. */
    Path formerFile(UploadId id) {
        return branch(id).resolve(id.value().substring(DIGITS, 2 * DIGITS)).resolve(id.value());
    }

    private Path branch(UploadId id) {
        return root.resolve(id.value().substring(0, DIGITS));
    }

    /**
     * Applies {@code work} to the file at its present path.
     * @throws NoSuchFileException when it is in neither place
     */
    <T> T at(UploadId id, FileWork<T> work) throws IOException {
        try {
            return work.on(file(id));
        } catch (NoSuchFileException e) {
            return work.on(formerFile(id));
        }
    }

    /** No-op when it is in neither place. */
    void delete(UploadId id) throws IOException {
        if (!Files.deleteIfExists(file(id)) && Files.deleteIfExists(formerFile(id))) {
            removeIfEmpty(formerFile(id).resolveSibling(".").normalize());
        }
    }

    /** Creates the empty file; its entry is durable after {@link NewEntry#sync}. */
    private FileChannel create(UploadId id) throws IOException {
        FileChannel created = createHere(id);
        try {
            // After the creation: a check before it would not cover a disk that is unmounted in between.
            mounted.requireHereNow();
            return created;
        } catch (StagingAbsentException e) {
            created.close();
            Files.deleteIfExists(file(id));
            throw e;
        }
    }

    private FileChannel createHere(UploadId id) throws IOException {
        try {
            return makeEmpty(file(id));
        } catch (NoSuchFileException e) {
            // The disk is unmounted, or somebody has removed the directory, or the start could not create it.
            mounted.requireHereNow();
            durable.remove(branch(id));
            DurableDirectories.createIfMissing(branch(id));
            return makeEmpty(file(id));
        }
    }

    private FileChannel makeEmpty(Path file) throws IOException {
        return opener.open(file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Begins the making of an entry for the file of that id: called before the file is created or opened. */
    NewEntry entry(UploadId id) {
        DirectorySync directory =
                syncs.computeIfAbsent(branch(id), branch -> new DirectorySync(() -> DurableDirectories.sync(branch)));
        return new NewEntry(id, directory, directory.mark());
    }

    /** The directory entry of a file that no row counts bytes of yet. */
    final class NewEntry {

        private final UploadId id;
        private final DirectorySync directory;
        private final long mark;

        private NewEntry(UploadId id, DirectorySync directory, long mark) {
            this.id = id;
            this.directory = directory;
            this.mark = mark;
        }

        /**
         * Creates the file.
         * @throws java.nio.file.FileAlreadyExistsException when it is there
         */
        FileChannel create() throws IOException {
            return StagingTree.this.create(id);
        }

        /**
         * Makes the entry durable. Called after the sync of the file: a journalling file system has committed the entry
         * with it, and has little left to do.
         * @throws IOException when that, or any sync of the directory since the entry was begun, failed; the entry has to
         *     be {@linkplain #discard discarded}
         */
        void sync() throws IOException {
            directory.sync(mark);
            Path branch = branch(id);
            if (!durable.contains(branch)) {
                DurableDirectories.sync(root);
                durable.add(branch);
            }
        }

        /** Removes the file, so that its next body begins with a new entry. */
        void discard(Throwable why) {
            try {
                Files.deleteIfExists(file(id));
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }

    /** Work on one staged file. It may be tried at both paths of the file; only the existing one counts. */
    @FunctionalInterface
    interface FileWork<T> {

        T on(Path file) throws IOException;
    }
}
