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
 * Gives files their names. A staged file on the same file system gets its name as a hard link: nothing is copied. Across file
 * systems, and where links are refused, the file is copied under a temporary name beside its place and gets its name once it is
 * whole. Keeps nothing of a delivery.
 */
final class DirectoryWriter {

    private final DirectoryRoot root;
    private final DirectoryTree tree;
    private final DirectoryCopy copy;
    private volatile @Nullable Journal fileSystem;

    /** @param reserve bytes that copies leave free */
    DirectoryWriter(DirectoryRoot root, DirectoryTree tree, long reserve) {
        this.root = root;
        this.tree = tree;
        this.copy = new DirectoryCopy(reserve);
    }

    /** As {@link dev.narwhal.destination.Destination#deliver} has it. */
    DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        root.requireOurs();
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
                return settle(job, target, content, journal);
            }
            tree.create(DirectoryTree.parent(target));
            return place(job, target, content, journal);
        } catch (IOException | UnsupportedOperationException e) {
            Optional<String> other =
                    DirectoryFailures.isUnnameable(e) ? DirectoryNames.instead(job.key()) : Optional.empty();
            if (other.isEmpty()) {
                throw DirectoryFailures.classify(target, e);
            }
            dropTemporary(target, job);
            return deliverAs(other.get(), job, content, journal);
        }
    }

    /** A name that the file system cannot have is this upload's affair: another takes its place. */
    private DeliveryReceipt deliverAs(String key, DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        goOn(journal.rekeyed(key));
        return deliver(job.withKey(key), content, journal);
    }

    private static void dropTemporary(Path target, DeliveryJob job) throws DestinationException {
        try {
            Files.deleteIfExists(temporary(target, job));
        } catch (IOException e) {
            throw DirectoryFailures.classify(target, e);
        }
    }

    /** The name is taken: by us, which is a delivery done, or by another, which is a conflict. */
    private DeliveryReceipt settle(DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        if (isStaged(target, content)) {
            return finish(job, target, Verification.SAME_FILE, null, true);
        }
        if (isLike(target, job) && DirectoryTree.isIdentity(journal.handle().orElse(""), target)) {
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
        goOn(journal.rekeyed(other));
        return deliver(job.withKey(other), content, journal);
    }

    private DeliveryReceipt place(DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Optional<Path> staged = linkable(content, target);
        try {
            if (staged.isPresent() && link(staged.get(), target, journal)) {
                return finish(job, target, Verification.SAME_FILE, null, false);
            }
            return placeCopy(job, target, content, journal);
        } catch (FileAlreadyExistsException e) {
            // Made between our look and our link. A link never replaces a name, so theirs is untouched.
            return settle(job, target, content, journal);
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

    /** False when this file system does not link; then it is to be copied. */
    private static boolean link(Path existing, Path name, DeliveryJournal journal)
            throws IOException, DeliveryStoppedException {
        goOn(journal.completing(DirectoryTree.identity(existing)));
        try {
            Files.createLink(name, existing);
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Refused for a reason of the file system (EXDEV, EPERM, EMLINK); any other reason meets the copy as well.
            return false;
        }
    }

    private DeliveryReceipt placeCopy(DeliveryJob job, Path target, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Path temporary = temporary(target, job);
        String checksum = copy.write(content, temporary, journal);
        if (!link(temporary, target, journal)) {
            // Without links there is no way to name a file only if the name is free but to look first; what others do
            // in this directory between the look and the move is the one thing that could be replaced.
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
            goOn(journal.completing(DirectoryTree.identity(temporary)));
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return finish(
                job, target, checksum == null ? Verification.SAME_FILE : Verification.READ_BACK_CRC32, checksum, false);
    }

    /** Makes the name durable, then drops the temporary one: in that order, so that one of them always survives. */
    private DeliveryReceipt finish(
            DeliveryJob job, Path target, Verification verifiedBy, @Nullable String checksum, boolean adopted)
            throws IOException, DestinationException {
        DurableFiles.sync(target);
        DurableDirectories.sync(DirectoryTree.parent(target));
        if (Files.deleteIfExists(temporary(target, job))) {
            DurableDirectories.sync(DirectoryTree.parent(target));
        }
        fileSystem().requireAlive();
        // Had the disk gone meanwhile, the name would be in the directory below it.
        root.requireOurs();
        return new DeliveryReceipt(job.key(), checksum, verifiedBy, adopted);
    }

    /** Asked for when the directory is known to be the right one, which it may not be at the start. */
    private Journal fileSystem() {
        Journal journal = fileSystem;
        if (journal == null) {
            journal = Journal.of(root.path());
            fileSystem = journal;
        }
        return journal;
    }

    private static boolean isStaged(Path target, ContentSource content) throws IOException {
        Optional<Path> staged = content.file();
        return staged.isPresent()
                && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                && Files.isSameFile(target, staged.get());
    }

    /** A file of that length: which one it is its identity tells. */
    static boolean isLike(Path target, DeliveryJob job) throws IOException {
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.size(target) == job.length();
    }

    private static DestinationException conflict(Path target, OnConflict onConflict) {
        return new DestinationException(
                Failure.FINAL,
                "'" + target + "' exists and is another's (narwhal.delivery.on-conflict is "
                        + onConflict.name().toLowerCase(Locale.ROOT) + ")");
    }

    /** Under which name a file is made before it gets its own. */
    static Path temporary(Path target, DeliveryJob job) {
        return target.resolveSibling(DirectoryTree.RESERVED_PREFIX + job.uploadId());
    }

    private static void goOn(boolean answer) throws DeliveryStoppedException {
        if (!answer) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
    }
}
