package dev.narwhal.staging;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of a staging volume as they lie there, for those who compare them with the rows. Only what can be an upload's is
 * shown: a file of its own with the name of an id, in the place of that id. Nothing here changes anything.
 */
public final class StagedFiles {

    private final StagingTree tree;

    StagedFiles(StagingTree tree) {
        this.tree = tree;
    }

    /**
     * A staged file.
     *
     * @param bytes its length, whatever its row says
     * @param modified when it was last written to
     */
    public record StagedFile(UploadId id, long bytes, Instant modified) {}

    /** Takes some files at a time. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * @param some at least one
         * @return false to end the walk
         */
        boolean visit(List<StagedFile> some);
    }

    /**
     * Walks over all files, in no particular order; those that come or go meanwhile may be seen or not. Holds no more than
     * {@code batch} of them in memory.
     *
     * @param batch at least 1
     * @throws IOException when a directory cannot be read
     */
    public void walk(int batch, Visitor visitor) throws IOException {
        Batch some = new Batch(batch, visitor);
        for (Path branch : tree.branches()) {
            if (!walk(branch, some)) {
                return;
            }
        }
        boolean unused = some.show();
    }

    private boolean walk(Path directory, Batch some) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Optional<StagedFile> found = look(entry);
                boolean goesOn = found.isPresent()
                        ? some.add(found.get())
                        : !StagingTree.isFormerDirectory(entry) || walk(entry, some);
                if (!goesOn) {
                    return false;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Removed behind our back, or not ours.
            return true;
        }
        return true;
    }

    private Optional<StagedFile> look(Path file) throws IOException {
        Optional<UploadId> id = UploadId.parse(String.valueOf(file.getFileName()));
        if (id.isEmpty() || !isPlaceOf(id.get(), file)) {
            return Optional.empty();
        }
        return attributes(file)
                .map(found -> new StagedFile(
                        id.get(), found.size(), found.lastModifiedTime().toInstant()));
    }

    private boolean isPlaceOf(UploadId id, Path file) {
        return tree.file(id).equals(file) || tree.formerFile(id).equals(file);
    }

    /** One file; empty when there is none. */
    public Optional<StagedFile> find(UploadId id) throws IOException {
        Optional<StagedFile> found = look(tree.file(id));
        return found.isPresent() ? found : look(tree.formerFile(id));
    }

    /** Bytes of the file, whatever its row says; empty when there is none. */
    public OptionalLong bytes(UploadId id) throws IOException {
        Optional<StagedFile> found = find(id);
        return found.isPresent() ? OptionalLong.of(found.get().bytes()) : OptionalLong.empty();
    }

    private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isRegularFile() ? Optional.of(found) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Gathers files until there are enough to be shown. */
    private static final class Batch {

        private final List<StagedFile> files = new ArrayList<>();
        private final int size;
        private final Visitor visitor;

        Batch(int size, Visitor visitor) {
            this.size = size;
            this.visitor = visitor;
        }

        /** False when no more are wanted. */
        boolean add(StagedFile file) {
            files.add(file);
            return files.size() < size || show();
        }

        boolean show() {
            if (files.isEmpty()) {
                return true;
            }
            List<StagedFile> whole = List.copyOf(files);
            files.clear();
            return visitor.visit(whole);
        }
    }
}
