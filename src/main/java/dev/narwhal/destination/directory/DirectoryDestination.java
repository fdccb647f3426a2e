package dev.narwhal.destination.directory;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryRequest;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.Outcome;
import dev.narwhal.disk.DiskCalls;
import dev.narwhal.disk.DurableDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finished files in a directory. The destination creates the name as a hard link if the staged file is on the same file
 * system. Otherwise, and where the file system refuses hard links, it copies the file to a temporary name in the target
 * directory, and gives it its name when the copy is complete.
 *
 * <p>After a crash the destination recognises a link by the staged file, which is the same file. Before it gives a copy its
 * name, it records the copy's identity (inode and creation time) in the journal, and recognises the copy by that. It recognises its own directory by a marker: {@link DirectoryRoot}.
 */
public final class DirectoryDestination implements Destination {

    private static final Logger log = LoggerFactory.getLogger(DirectoryDestination.class);

    /** So many names become durable together; a crash leaves at most so many files without a record. */
    private static final int BATCH = 64;

    private final DirectoryRoot root;
    private final DirectoryTree tree;
    private final DirectoryWriter writer;

    /**
     * Creates a destination from its settings.
     *
     * @param prefix of the settings, for messages: {@code narwhal.destination.directory}
     * @param markers empty: neither create nor check the marker of the directory
     * @throws IllegalStateException with a sentence, when the path is not set or the directory cannot be created
     */
    public static Destination open(String prefix, DirectoryProperties settings, Optional<RootMarkers> markers) {
        Path path = settings.path();
        if (path == null) {
            throw new IllegalStateException(prefix + ".path is not set");
        }
        if (!DirectoryTree.canNameAnyFile()) {
            log.warn(
                    "destination.locale In this locale files cannot have names outside ASCII, which become '_': start with"
                            + " LC_ALL=C.UTF-8");
        }
        try {
            return new DirectoryDestination(
                    new DirectoryRoot(path, markers), settings.reserve().toBytes());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The directory '" + path.toAbsolutePath() + "' (" + prefix + ".path) cannot be made: "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    /** @param reserve bytes of free space that copies leave unused */
    DirectoryDestination(DirectoryRoot root, long reserve) {
        this.root = root;
        this.tree = new DirectoryTree(root.path());
        this.writer = new DirectoryWriter(root, tree, reserve);
    }

    @Override
    public String describe() {
        return root.path().toString();
    }

    @Override
    public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        return writer.deliver(job, content, journal);
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public List<Outcome<DeliveryReceipt>> deliverAll(List<DeliveryRequest> requests) {
        return writer.deliverAll(requests);
    }

    @Override
    public Optional<String> handleOf(ContentSource content) throws IOException {
        Optional<Path> file = content.file();
        return file.isPresent() ? Optional.of(DirectoryTree.identity(file.get())) : Optional.empty();
    }

    @Override
    public InputStream read(String key, long position, long length) throws IOException {
        return new FileRangeInputStream(open(key), position, length);
    }

    @Override
    public Optional<FileChannel> file(String key) throws IOException {
        return Optional.of(open(key));
    }

    private FileChannel open(String key) throws IOException {
        Path file;
        try {
            file = tree.resolve(key);
        } catch (DestinationException | InvalidPathException e) {
            throw new NoSuchFileException(key);
        }
        try {
            return DiskCalls.call(() -> FileChannel.open(file, StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw missing(e);
        }
    }

    /** If the directory is not ours (its disk is not mounted), the file may still exist: the error is then another. */
    private IOException missing(NoSuchFileException missing) {
        try {
            root.requireMarker();
            return missing;
        } catch (DestinationException e) {
            return new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException {
        root.requireMarker();
        Path target;
        try {
            target = tree.resolve(job.key());
        } catch (InvalidPathException e) {
            return; // No file can have this name.
        }
        Path directory = DirectoryTree.parent(target);
        try {
            boolean changed = Files.deleteIfExists(DirectoryWriter.temporary(target, job));
            if (DirectoryWriter.hasLength(target, job)
                    && journal.handle().equals(Optional.of(DirectoryTree.identity(target)))) {
                Files.delete(target);
                changed = true;
            }
            if (changed) {
                DurableDirectories.sync(directory);
            }
            tree.removeEmpty(directory, job.uploadId());
        } catch (IOException e) {
            throw DirectoryFailures.classify(target, e);
        }
    }
}
