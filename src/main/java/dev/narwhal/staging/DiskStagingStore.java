package dev.narwhal.staging;

import dev.narwhal.disk.Journal;
import dev.narwhal.upload.UploadId;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Staging on a local disk: one file for each upload.
 *
 * <p>A second body for an upload fences off the first at any time: only the newest body may write. A delete fences off,
 * too.
 */
public final class DiskStagingStore implements StagingStore, Closeable {

    private static final Logger log = LoggerFactory.getLogger(DiskStagingStore.class);

    /** Many more than can be removed while a request still uses a row that it read before. */
    private static final int NAMES_REMEMBERED = 10_000;

    /** Uploads in PATCHes of a few MiB; one that is forgotten only begins with smaller buffers. */
    private static final int FAST_REMEMBERED = 1_000;

    private final StagingTree tree;
    private final String volume;
    private final MountedVolume mounted;
    private final SpaceBudget space;
    private final ChannelOpener opener;
    private final SyncMode sync;
    private final Journal journal;
    private final DirectIo directIo;
    private final WriterThreads writers = new WriterThreads();
    private final AppendResources resources;
    private final ConcurrentHashMap<UploadId, DiskAppend> open = new ConcurrentHashMap<>();
    private volatile boolean lost;
    /** Admitted, and without a file: their first body need not look for one. */
    private final RecentNames admitted = new RecentNames(NAMES_REMEMBERED);

    /** Uploads whose last body was fast. */
    private final RecentNames fast = new RecentNames(FAST_REMEMBERED);

    private final RecentNames removed = new RecentNames(NAMES_REMEMBERED);

    /**
     * Opens the store at {@code root}, an existing directory that no other process writes to.
     * @throws IOException when the volume's id can neither be read nor be created
     */
    DiskStagingStore(
            Path root, SyncMode sync, SpaceBudget space, StagingTuning tuning, ChannelOpener opener, Journal journal)
            throws IOException {
        this.volume = StagingVolume.idOf(root);
        this.mounted = new MountedVolume(root, volume, tuning.nanoTime());
        this.tree = StagingTree.open(root, opener, sync, mounted);
        this.sync = sync;
        this.journal = journal;
        this.space = space;
        this.opener = opener;
        this.directIo = DirectIo.probe(root, opener, tuning.nanoTime());
        this.resources = new AppendResources(new SegmentSource(tuning, space), space, tuning, writers);
    }

    /** Opens the store at {@code root}, an existing directory that no other process writes to. */
    static DiskStagingStore open(Path root, StagingProperties properties, SpaceBudget space) throws IOException {
        return new DiskStagingStore(
                root, properties.sync(), space, StagingTuning.forThisJvm(), FileChannel::open, Journal.of(root));
    }

    /** The files on disk, whatever their rows say. */
    StagedFiles files() {
        return new StagedFiles(tree);
    }

    @Override
    public String volume() {
        return volume;
    }

    @Override
    public boolean holds(String volume) {
        return this.volume.equals(volume) && isHere();
    }

    /**
     * A disk may be unmounted while the server runs; no upload must be staged in the directory below the mount point.
     */
    private boolean isHere() {
        try {
            return !lost && mounted.isHere();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Another process owns the volume: from now on this store stages nothing and reports its uploads as unreachable.
     */
    void lose() {
        lost = true;
    }

    @Override
    public void admit(UploadId id, long expectedBytes) throws IOException {
        if (expectedBytes < 0) {
            throw new IllegalArgumentException("An upload needs at least 0 bytes, not " + expectedBytes);
        }
        requireHere();
        space.admit(Math.max(1, expectedBytes));
        admitted.add(id.value());
    }

    @Override
    public boolean isLonger(UploadId id, long offset) throws IOException {
        if (admitted.contains(id.value())) {
            return false;
        }
        try {
            return Uninterrupted.call(() -> tree.at(id, Files::size) > offset);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public StagedAppend append(UploadId id, long offset, long expectedBytes) throws IOException {
        fenceOff(id);
        Staged staged = admitted.remove(id.value()) ? absent(id) : Uninterrupted.call(() -> openAt(id, offset));
        admit(staged);
        AppendFile file =
                new AppendFile(staged.path(), staged.channel(), staged.entry(), space, directIo, sync, journal);
        DiskAppend append =
                new DiskAppend(id, offset, expectedBytes, fast.remove(id.value()), file, resources, this::ended);
        if (open.putIfAbsent(id, append) != null) {
            append.close();
            throw new IOException("Upload " + id + " is being opened by somebody else at this moment");
        }
        return append;
    }

    private void ended(DiskAppend append) {
        open.remove(append.id(), append);
        if (append.isFast()) {
            fast.add(append.id().value());
        }
    }

    private Staged openAt(UploadId id, long offset) throws IOException {
        StagingTree.NewEntry entry = offset == 0 ? tree.entry(id) : null;
        Staged staged;
        try {
            staged = openStaged(id, StandardOpenOption.WRITE, offset);
        } catch (NoSuchFileException e) {
            return absent(id);
        }
        FileChannel channel = Objects.requireNonNull(staged.channel());
        try {
            long size = channel.size();
            if (size < offset) {
                throw tooShort(staged.path(), size, offset);
            }
            if (size > offset) {
                channel.truncate(offset);
            }
            return new Staged(staged.path(), channel, entry);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A file that the first write creates. */
    private Staged absent(UploadId id) {
        return new Staged(tree.file(id), null, tree.entry(id));
    }

    /** Only after the cut, because the removed bytes may have filled the disk. */
    private void admit(Staged staged) throws IOException {
        try {
            space.admit(1);
        } catch (IOException e) {
            staged.close();
            throw e;
        }
    }

    @Override
    public StagedContent read(UploadId id, long length) throws IOException {
        return Uninterrupted.call(() -> {
            Staged staged;
            try {
                staged = openStaged(id, StandardOpenOption.READ, length);
            } catch (NoSuchFileException e) {
                return new EmptyContent();
            }
            FileChannel channel = Objects.requireNonNull(staged.channel());
            return DiskContent.over(channel, staged.path(), length, opener, directIo);
        });
    }

    @Override
    public StagedContent readOnce(UploadId id, long length) throws IOException {
        StagedContent content = read(id, length);
        ByteBuffer memory = directIo.isEnabled() ? resources.segments().tryTakeDirect() : null;
        return memory == null ? content : new BlockContent(content, memory, resources.segments()::giveBackDirect);
    }

    /** @throws NoSuchFileException when it is missing, and need not be there because {@code length} is 0 */
    private Staged openStaged(UploadId id, StandardOpenOption access, long length) throws IOException {
        try {
            return tree.at(id, path -> new Staged(path, opener.open(path, Set.of(access)), null));
        } catch (NoSuchFileException e) {
            requireHere();
            mounted.requireHereNow();
            if (removed.contains(id.value())) {
                // The file was just removed: the caller has an old row and will read it again. Nothing is damaged.
                throw new StagingDamagedException("The staged file of upload " + id + " was removed");
            }
            if (length == 0) {
                throw e;
            }
            throw damaged(
                    tree.file(id),
                    "The staged file of upload " + id + " is missing; its row says " + length + " bytes");
        }
    }

    /**
     * A staged file.
     *
     * @param channel null while there is no file
     * @param entry its directory entry, if that may not be durable yet
     */
    private record Staged(Path path, @Nullable FileChannel channel, StagingTree.@Nullable NewEntry entry) {

        void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }

    private void requireHere() throws StagingAbsentException {
        if (!isHere()) {
            throw mounted.absent();
        }
    }

    @Override
    public void delete(UploadId id) throws IOException {
        fenceOff(id);
        // First, so that a request that misses the file finds this entry.
        removed.add(id.value());
        admitted.remove(id.value());
        Uninterrupted.run(() -> tree.delete(id));
    }

    private void fenceOff(UploadId id) {
        DiskAppend before = open.remove(id);
        if (before != null) {
            before.supersede();
        }
    }

    /** Buffers that bodies hold now. */
    int buffersInUse() {
        return resources.segments().lent();
    }

    /** The pools of bodies' buffers. */
    Map<String, BufferPool> bufferPools() {
        return resources.segments().pools();
    }

    boolean isDirectPossible() {
        return directIo.isEnabled();
    }

    static StagingDamagedException tooShort(Path path, long size, long expected) {
        return damaged(
                path,
                "The staged file of upload " + path.getFileName() + " is too short: " + size + " bytes; its row says "
                        + expected);
    }

    private static StagingDamagedException damaged(Path path, String message) {
        // Logged here, where it is found: the operator must learn of it, and not only a client.
        log.error(
                "staging.damaged upload={} {}. Acknowledged bytes are gone; nothing else is touched",
                path.getFileName(),
                message);
        return new StagingDamagedException(message);
    }

    /** Waits for running writes. Open bodies keep their files until they are closed. */
    @Override
    public void close() {
        writers.close();
    }
}
