package dev.narwhal.staging;

import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.disk.Journal;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
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
 * list. Directories are created when needed and stay, so it is safe to remember the durable ones.
 *
 * <p>Earlier versions put a file at {@code ab/cd/{id}}. Such a file stays there until its upload ends.
 */
final class StagingTree {

    private static final Logger log = LoggerFactory.getLogger(StagingTree.class);

    private static final int BRANCHES = 1 << 8;
    private static final int DIGITS = 2;

    private final Path root;
    private final ChannelOpener opener;
    private final boolean synced;
    private final Journal journal;

    /** The directories, at most 256, whose own entries this process has synced. */
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    private StagingTree(Path root, ChannelOpener opener, SyncMode sync, Journal journal) {
        this.root = root;
        this.opener = opener;
        this.synced = sync == SyncMode.ACK;
        this.journal = journal;
    }

    /** Removes the empty directories of earlier versions, of which there were up to 65,536. */
    static StagingTree open(Path root, ChannelOpener opener, SyncMode sync, Journal journal) throws IOException {
        StagingTree tree = new StagingTree(root, opener, sync, journal);
        for (Path branch : tree.branches()) {
            removeEmpty(branch);
        }
        return tree;
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

    /** Creates the empty file; its entry, and that of a new directory, are durable after the return. */
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
        try {
            makeEmpty(file(id));
        } catch (NoSuchFileException e) {
            // The first file of this directory, or somebody has removed the directory.
            durable.remove(branch(id));
            DurableDirectories.createIfMissing(branch(id));
            makeEmpty(file(id));
        }
    }

    private void makeEmpty(Path file) throws IOException {
        opener.open(file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                .close();
    }

    /**
     * Syncs from the bottom up, after everything is created: a journalling file system commits all of it with the first
     * sync, and has little left to do for the next. A caller that finds an existing directory that is not known to be
     * durable syncs it too, without waiting for its creator.
     */
    private void syncEntries(UploadId id) throws IOException {
        Path branch = branch(id);
        sync(branch);
        if (!durable.contains(branch)) {
            sync(root);
            durable.add(branch);
        }
    }

    private static void sync(Path directory) throws IOException {
        Uninterrupted.sync(() -> DurableDirectories.sync(directory));
    }

    private static void discard(Path file, IOException why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Work on one staged file. It may be tried at both paths of the file; only the existing one counts. */
    @FunctionalInterface
    interface FileWork<T> {

        T on(Path file) throws IOException;
    }
}
