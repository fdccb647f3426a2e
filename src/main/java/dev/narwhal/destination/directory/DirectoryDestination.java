package dev.narwhal.destination.directory;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finished files in a directory. A staged file on the same file system gets its name there as a hard link: nothing is
 * copied. Across file systems, and where links are refused, the file is copied under a temporary name beside its place
 * and gets its name once it is whole.
 *
 * <p>Whose file it is that has the name is told by the inode: the journal holds that of the file about to be named, so
 * that the name is recognised as ours after a crash, and nothing else ever is. That the directory itself is the right one is
 * told by its marker: {@link DirectoryRoot}.
 */
public final class DirectoryDestination implements Destination {

    private static final Logger log = LoggerFactory.getLogger(DirectoryDestination.class);

    private final DirectoryRoot root;
    private final DirectoryTree tree;
    private final DirectoryWriter writer;

    /**
     * A destination as its settings describe it.
     *
     * @param prefix of the settings, for sentences: {@code narwhal.destination.directory}
     * @param markers empty to take the directory as it is found
     * @throws IllegalStateException with a sentence, when it cannot be made
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

    /** @param reserve bytes that copies leave free */
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
    public InputStream read(String key, long position, long length) throws IOException {
        Path file;
        try {
            file = tree.resolve(key);
        } catch (DestinationException | InvalidPathException e) {
            throw new NoSuchFileException(key);
        }
        try {
            FileChannel channel = DiskCalls.call(() -> FileChannel.open(file, StandardOpenOption.READ));
            return new FileRangeInputStream(channel, position, length);
        } catch (NoSuchFileException e) {
            throw missing(e);
        }
    }

    /** What is not in a directory that is not ours need not have gone. */
    private IOException missing(NoSuchFileException missing) {
        try {
            root.requireOurs();
            return missing;
        } catch (DestinationException e) {
            return new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException {
        root.requireOurs();
        Path target;
        try {
            target = tree.resolve(job.key());
        } catch (InvalidPathException e) {
            return; // Nothing can be there.
        }
        Path directory = DirectoryTree.parent(target);
        try {
            boolean changed = Files.deleteIfExists(DirectoryWriter.temporary(target, job));
            if (DirectoryWriter.isLike(target, job)
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
