package dev.narwhal.destination.directory;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.RenamedKey;
import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.disk.DurableFiles;
import dev.narwhal.disk.Journal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    private volatile @Nullable Journal fileSystemCheck;

    /** @param reserve bytes of free space that copies leave unused */
    DirectoryWriter(DirectoryRoot root, DirectoryTree tree, long reserve) {
        this.root = root;
        this.tree = tree;
        this.copy = new DirectoryCopy(reserve);
    }

    /** See {@link dev.narwhal.destination.Destination#deliver}. */
    DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        root.requireMarker();
        Path target;
        try {
            target = tree.resolve(job.key());
        } catch (InvalidPathException e) {
            String other = DirectoryNames.instead(job.key())
                    .orElseThrow(() -> new DestinationException(
                            Failure.FINAL, "'" + job.key() + "' cannot be a file here: " + e.getReason(), e));
            return deliverAs(other, job, content, journal);
        }
        return deliver(target, job, content, journal);
    }

    private DeliveryReceipt deliver(Path target, DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        try {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                return adoptOrResolveConflict(job, target, content, journal);
            }
            tree.create(DirectoryTree.parent(target));
            return create(job, target, content, journal);
        } catch (IOException | UnsupportedOperationException e) {
            Optional<String> other =
                    DirectoryFailures.isUnnameable(e) ? DirectoryNames.instead(job.key()) : Optional.empty();
            if (other.isEmpty()) {
                throw DirectoryFailures.classify(target, e);
            }
            deleteTemporary(target, job);
            return deliverAs(other.get(), job, content, journal);
        }
    }

    /** Delivers under another key, after the file system has refused the name. */
    private DeliveryReceipt deliverAs(String key, DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        requireAccepted(journal.rekeyed(key));
        return deliver(job.withKey(key), content, journal);
    }

    private static void deleteTemporary(Path target, DeliveryJob job) throws DestinationException {
        try {
            Files.deleteIfExists(temporary(target, job));
        } catch (IOException e) {
            throw DirectoryFailures.classify(target, e);
        }
    }

    /** The name is taken. Adopts a file of ours, and applies the job's {@link OnConflict} to another file. */
    private DeliveryReceipt adoptOrResolveConflict(
            DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        if (isStaged(target, content)) {
            return finish(job, target, Verification.SAME_FILE, null, true);
        }
        String identity = journal.handle().orElse("");
        if (hasLength(target, job) && DirectoryTree.hasIdentity(target, identity)) {
            return finish(job, target, Verification.READ_BACK_CRC32, copy.verify(target, content), true);
        }
        return switch (job.onConflict()) {
            case FAIL -> throw conflict(target, job.onConflict());
            case RENAME -> rename(job, target, content, journal);
            case OVERWRITE -> overwrite(job, target, content, journal);
        };
    }

    private DeliveryReceipt rename(DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        String other = RenamedKey.of(job.key(), job.uploadId());
        if (other.equals(job.key())) {
            throw conflict(target, job.onConflict());
        }
        Files.deleteIfExists(temporary(target, job));
        requireAccepted(journal.rekeyed(other));
        return deliver(job.withKey(other), content, journal);
    }

    private DeliveryReceipt create(DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Optional<Path> staged = linkable(content, target);
        try {
            if (staged.isPresent() && link(staged.get(), target, journal)) {
                return finish(job, target, Verification.SAME_FILE, null, false);
            }
            return createCopy(job, target, content, journal);
        } catch (FileAlreadyExistsException e) {
            // Somebody created the name after our check. A link never replaces a name, so their file is unchanged.
            return adoptOrResolveConflict(job, target, content, journal);
        }
    }

    private static Optional<Path> linkable(ContentSource content, Path target) throws IOException {
        Optional<Path> staged = content.file();
        if (staged.isEmpty()
                || !Files.getFileStore(staged.get()).equals(Files.getFileStore(DirectoryTree.parent(target)))) {
            return Optional.empty();
        }
        return staged;
    }

    /** Asks the journal, then creates a hard link. False when the file system refuses the link. */
    private static boolean link(Path existing, Path name, DeliveryJournal journal)
            throws IOException, DeliveryStoppedException {
        requireAccepted(journal.completing(DirectoryTree.identity(existing)));
        try {
            Files.createLink(name, existing);
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // The file system does not support this link (EXDEV, EPERM, EMLINK). For any other reason
            // the copy fails, too.
            return false;
        }
    }

    private DeliveryReceipt createCopy(DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Path temporary = temporary(target, job);
        String checksum = copy.write(content, temporary, journal);
        if (!link(temporary, target, journal)) {
            // Without hard links no call creates a name only if it is free. The server has checked the name before.
            // The move replaces a file that another program creates after that check.
            Files.move(temporary, target);
        }
        return finish(job, target, Verification.READ_BACK_CRC32, checksum, false);
    }

    private DeliveryReceipt overwrite(DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw conflict(target, job.onConflict());
        }
        Path temporary = temporary(target, job);
        Files.deleteIfExists(temporary);
        Optional<Path> staged = linkable(content, target);
        String checksum = null;
        if (staged.isEmpty() || !link(staged.get(), temporary, journal)) {
            checksum = copy.write(content, temporary, journal);
            requireAccepted(journal.completing(DirectoryTree.identity(temporary)));
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return finish(
                job, target, checksum == null ? Verification.SAME_FILE : Verification.READ_BACK_CRC32, checksum, false);
    }

    /** Makes the name durable, then deletes the temporary one. In this order one of the two survives a crash. */
    private DeliveryReceipt finish(
            DeliveryJob job, Path target, Verification verifiedBy, @Nullable String checksum, boolean adopted)
            throws IOException, DestinationException {
        DurableFiles.sync(target);
        DurableDirectories.sync(DirectoryTree.parent(target));
        if (Files.deleteIfExists(temporary(target, job))) {
            DurableDirectories.sync(DirectoryTree.parent(target));
        }
        fileSystemCheck().requireAlive();
        // If the disk was unmounted meanwhile, the file is in the mount point's directory instead.
        root.requireMarker();
        return new DeliveryReceipt(job.key(), checksum, verifiedBy, adopted);
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
