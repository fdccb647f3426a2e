package dev.narwhal.destination.directory;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DeliveryRequest;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.Outcome;
import dev.narwhal.destination.RenamedKey;
import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.disk.DurableFiles;
import dev.narwhal.disk.Journal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates the files of a directory destination, by a hard link or a copy: see {@link DirectoryDestination}. Keeps no state of a
 * delivery.
 */
final class DirectoryWriter {

    private final DirectoryRoot root;
    private final DirectoryTree tree;
    private final DirectoryCopy copy;
    private final LinkableFiles links;
    private volatile @Nullable Journal fileSystemCheck;

    /** @param reserve bytes of free space that copies leave unused */
    DirectoryWriter(DirectoryRoot root, DirectoryTree tree, long reserve) {
        this.root = root;
        this.tree = tree;
        this.copy = new DirectoryCopy(reserve);
        this.links = new LinkableFiles(root.path());
    }

    /** A file that has its name. The name is not durable yet. */
    private record Named(DeliveryJob job, Path target, DeliveryReceipt receipt) {}

    /** See {@link dev.narwhal.destination.Destination#deliver}. */
    DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        root.requireMarker();
        UnsyncedDirectories unsynced = new UnsyncedDirectories();
        Named named = name(job, content, journal, unsynced);
        tree.synced(unsynced.sync());
        DeliveryReceipt receipt = finish(named, unsynced);
        requireSameDisk();
        return receipt;
    }

    /** See {@link dev.narwhal.destination.Destination#deliverAll}. Syncs each directory once. */
    List<Outcome<DeliveryReceipt>> deliverAll(List<DeliveryRequest> requests) {
        try {
            root.requireMarker();
            UnsyncedDirectories unsynced = new UnsyncedDirectories();
            List<Outcome<Named>> named = requests.stream()
                    .map(one -> Outcome.of(() -> name(one.job(), one.content(), one.journal(), unsynced)))
                    .toList();
            tree.synced(unsynced.sync());
            List<Outcome<DeliveryReceipt>> outcomes = named.stream()
                    .map(one -> Outcome.of(() -> finish(one.get(), unsynced)))
                    .toList();
            requireSameDisk();
            return outcomes;
        } catch (DestinationException e) {
            return Collections.nCopies(requests.size(), Outcome.failed(e));
        }
    }

    private Named name(DeliveryJob job, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws DestinationException, DeliveryStoppedException {
        Path target;
        try {
            target = tree.resolve(job.key());
        } catch (InvalidPathException e) {
            String other = DirectoryNames.instead(job.key())
                    .orElseThrow(() -> new DestinationException(
                            Failure.FINAL, "'" + job.key() + "' cannot be a file here: " + e.getReason(), e));
            return nameAs(other, job, content, journal, unsynced);
        }
        return name(target, job, content, journal, unsynced);
    }

    private Named name(
            Path target, DeliveryJob job, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws DestinationException, DeliveryStoppedException {
        try {
            if (job.mayExist() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                return adoptOrResolveConflict(job, target, content, journal, unsynced);
            }
            return createBelow(job, target, content, journal, unsynced);
        } catch (IOException | UnsupportedOperationException e) {
            Optional<String> other =
                    DirectoryFailures.isUnnameable(e) ? DirectoryNames.instead(job.key()) : Optional.empty();
            if (other.isEmpty()) {
                throw DirectoryFailures.classify(target, e);
            }
            deleteTemporary(target, job);
            return nameAs(other.get(), job, content, journal, unsynced);
        }
    }

    private Named createBelow(
            DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws IOException, DestinationException, DeliveryStoppedException {
        Path directory = DirectoryTree.parent(target);
        try {
            tree.create(directory, job.uploadId(), unsynced);
            return create(job, target, content, journal, unsynced);
        } catch (NoSuchFileException e) {
            // A directory that the tree remembers was removed; or the content was, and then this fails again.
            tree.forget(directory);
            tree.create(directory, job.uploadId(), unsynced);
            return create(job, target, content, journal, unsynced);
        }
    }

    /** Delivers under another key, after the file system has refused the name. */
    private Named nameAs(
            String key, DeliveryJob job, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws DestinationException, DeliveryStoppedException {
        requireAccepted(journal.rekeyed(key));
        return name(job.withKey(key), content, journal, unsynced);
    }

    private static void deleteTemporary(Path target, DeliveryJob job) throws DestinationException {
        try {
            Files.deleteIfExists(temporary(target, job));
        } catch (IOException e) {
            throw DirectoryFailures.classify(target, e);
        }
    }

    /** The name is taken. Adopts a file of ours, and applies the job's {@link OnConflict} to another file. */
    private Named adoptOrResolveConflict(
            DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws IOException, DestinationException, DeliveryStoppedException {
        if (isStaged(target, content)) {
            return sameFile(job, target, content, true, unsynced);
        }
        String identity = journal.handle().orElse("");
        if (hasLength(target, job) && DirectoryTree.hasIdentity(target, identity)) {
            return named(job, target, Verification.READ_BACK_CRC32, copy.verify(target, content), true, unsynced);
        }
        return switch (job.onConflict()) {
            case FAIL -> throw conflict(target, job.onConflict());
            case RENAME -> rename(job, target, content, journal, unsynced);
            case OVERWRITE -> overwrite(job, target, content, journal, unsynced);
        };
    }

    private Named rename(
            DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws IOException, DestinationException, DeliveryStoppedException {
        String other = RenamedKey.of(job.key(), job.uploadId());
        if (other.equals(job.key())) {
            throw conflict(target, job.onConflict());
        }
        Files.deleteIfExists(temporary(target, job));
        return nameAs(other, job, content, journal, unsynced);
    }

    private Named create(
            DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws IOException, DestinationException, DeliveryStoppedException {
        Optional<Path> staged = links.linkable(content, target);
        try {
            if (staged.isPresent() && link(staged.get(), target, journal)) {
                return sameFile(job, target, content, false, unsynced);
            }
            return createCopy(job, target, content, journal, unsynced);
        } catch (FileAlreadyExistsException e) {
            // Somebody created the name after our check. A link never replaces a name, so their file is unchanged.
            return adoptOrResolveConflict(job, target, content, journal, unsynced);
        }
    }

    /** Asks the journal, then creates a hard link to the content. False when the file system refuses the link. */
    private static boolean link(Path staged, Path name, DeliveryJournal journal)
            throws IOException, DeliveryStoppedException {
        requireAccepted(journal.linking(() -> DirectoryTree.identity(staged)));
        return LinkableFiles.link(staged, name);
    }

    private Named createCopy(
            DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws IOException, DestinationException, DeliveryStoppedException {
        Path temporary = temporary(target, job);
        String checksum = copy.write(content, temporary, journal);
        requireAccepted(journal.completing(DirectoryTree.identity(temporary)));
        if (!LinkableFiles.link(temporary, target)) {
            // Without hard links no call creates a name only if it is free. The move replaces a file that another
            // program creates after this check.
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(temporary, target);
        }
        return named(job, target, Verification.READ_BACK_CRC32, checksum, false, unsynced);
    }

    private Named overwrite(
            DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal, UnsyncedDirectories unsynced)
            throws IOException, DestinationException, DeliveryStoppedException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw conflict(target, job.onConflict());
        }
        Path temporary = temporary(target, job);
        Files.deleteIfExists(temporary);
        Optional<Path> staged = links.linkable(content, target);
        boolean linked = staged.isPresent() && link(staged.get(), temporary, journal);
        String checksum = null;
        if (!linked) {
            checksum = copy.write(content, temporary, journal);
            requireAccepted(journal.completing(DirectoryTree.identity(temporary)));
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return linked
                ? sameFile(job, target, content, false, unsynced)
                : named(job, target, Verification.READ_BACK_CRC32, checksum, false, unsynced);
    }

    private static Named sameFile(
            DeliveryJob job, Path target, ContentSource content, boolean adopted, UnsyncedDirectories unsynced)
            throws IOException {
        if (!content.isDurable()) {
            DurableFiles.sync(target);
        }
        return named(job, target, Verification.SAME_FILE, null, adopted, unsynced);
    }

    private static Named named(
            DeliveryJob job,
            Path target,
            Verification verifiedBy,
            @Nullable String checksum,
            boolean adopted,
            UnsyncedDirectories unsynced) {
        unsynced.add(DirectoryTree.parent(target));
        return new Named(job, target, new DeliveryReceipt(job.key(), checksum, verifiedBy, adopted));
    }

    /**
     * The name is durable. Deletes the temporary name, if there may be one: in this order one of the two survives a crash. A
     * link on the first attempt needs none.
     */
    private static DeliveryReceipt finish(Named named, UnsyncedDirectories unsynced) throws DestinationException {
        DeliveryJob job = named.job();
        Path target = named.target();
        try {
            unsynced.requireDurable(target);
            boolean first = job.attempt() == 1 && named.receipt().verifiedBy() == Verification.SAME_FILE;
            if (!first && Files.deleteIfExists(temporary(target, job))) {
                DurableDirectories.sync(DirectoryTree.parent(target));
            }
            return named.receipt();
        } catch (IOException e) {
            throw DirectoryFailures.classify(target, e);
        }
    }

    /** If the disk was unmounted meanwhile, the files are in the mount point's directory instead. */
    private void requireSameDisk() throws DestinationException {
        try {
            fileSystemCheck().requireAlive();
        } catch (IOException e) {
            throw DirectoryFailures.classify(root.path(), e);
        }
        root.requireMarker();
    }

    /** Created late: at the start of the server the directory may be the wrong one, because its disk is not mounted. */
    private Journal fileSystemCheck() {
        Journal check = fileSystemCheck;
        if (check == null) {
            check = Journal.of(root.path());
            fileSystemCheck = check;
        }
        return check;
    }

    private static boolean isStaged(Path target, ContentSource content) throws IOException {
        Optional<Path> staged = content.file();
        return staged.isPresent()
                && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                && Files.isSameFile(target, staged.get());
    }

    /** True for a regular file of the job's length. Its identity says whether it is ours. */
    static boolean hasLength(Path target, DeliveryJob job) throws IOException {
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.size(target) == job.length();
    }

    private static DestinationException conflict(Path target, OnConflict onConflict) {
        return new DestinationException(
                Failure.FINAL,
                "'" + target + "' exists and is another's (narwhal.delivery.on-conflict is "
                        + onConflict.name().toLowerCase(Locale.ROOT) + ")");
    }

    /** The name of the file until it is complete. */
    static Path temporary(Path target, DeliveryJob job) {
        return target.resolveSibling(DirectoryTree.RESERVED_PREFIX + job.uploadId());
    }

    /** @param accepted the journal's answer */
    private static void requireAccepted(boolean accepted) throws DeliveryStoppedException {
        if (!accepted) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
    }
}
