package dev.narwhal.staging;

import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.disk.Journal;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
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
 * Where staged files lie: {@code ab/{id}} by the first digits of the id, so that no directory grows beyond what a person can
 * list. Directories are made when they are needed and stay, which makes it safe to remember those that are durable.
 *
 * <p>Earlier versions put a file at {@code ab/cd/{id}}. Such a file stays where it is until its upload ends.
 */
final class StagingTree {

    private static final Logger log = LoggerFactory.getLogger(StagingTree.class);

    private static final int BRANCHES = 1 << 8;
    private static final int DIGITS = 2;

    private final Path root;
    private final ChannelOpener opener;
    private final boolean synced;
    private final Journal journal;

    /** The directories, at most 256, whose own entries have been synced by this process. */
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
        try (DirectoryStream<Path> former = Files.newDirectoryStream(branch, StagingTree::isFormerDirectory)) {
            for (Path directory : former) {
                removeIfEmpty(directory);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            log.debug("staging.directory-absent directory={}", branch);
        }
    }

    /** Also this name may be another's: what is no empty directory stays. */
    private static void removeIfEmpty(Path directory) {
        try {
            Files.delete(directory);
        } catch (IOException e) {
            log.debug("staging.directory-kept directory={} {}", directory, e.toString());
        }
    }

    /** All 256 that there may be, in the order of their names. */
    List<Path> branches() {
        return IntStream.range(0, BRANCHES)
                .mapToObj(number -> root.resolve(HexFormat.of().toHexDigits(number, DIGITS)))
                .toList();
    }

    /** Whether this is the {@code ab/cd} of an earlier version, or looks like it. */
    static boolean isFormerDirectory(Path inABranch) {
        return inABranch.getFileName().toString().length() == DIGITS && Files.isDirectory(inABranch);
    }

    /** Where a new file of this id is made. */
    Path file(UploadId id) {
        return branch(id).resolve(id.value());
    }

    /** Where earlier versions made it. */
    Path formerFile(UploadId id) {
        return branch(id).resolve(id.value().substring(DIGITS, 2 * DIGITS)).resolve(id.value());
    }

    private Path branch(UploadId id) {
        return root.resolve(id.value().substring(0, DIGITS));
    }

    /**
     * Does something with the file where it lies.
     *
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

    /** Makes the empty file; its entry, and that of a new directory, are durable when this returns. */
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
            // The first of this directory, or somebody removed it behind our back.
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
     * From the bottom up, after everything is made: a journalling file system commits all of it with the first sync, and
     * has little left to do for the next. Whoever finds a directory that is there but not known to be durable syncs as
     * well, and waits for nobody.
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

    /** Something done with one staged file, which may be tried in two places: only the place where the file is counts. */
    @FunctionalInterface
    interface FileWork<T> {

        T on(Path file) throws IOException;
    }
}
