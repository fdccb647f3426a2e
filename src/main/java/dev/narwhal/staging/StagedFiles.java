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
 * The files of a staging volume, for comparison with the rows. Reports only files that can belong to an upload: regular
 * files whose name is an id, in the directory of that id. Changes nothing.
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
     * @param modified the time of the last write
     */
    public record StagedFile(UploadId id, long bytes, Instant modified) {}

    /** Receives files in batches. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * @param some at least one
         * @return false to end the walk
         */
        boolean visit(List<StagedFile> some);
    }

    /**
     * Visits all files, in no particular order; files that are created or removed meanwhile may be missed. Holds at
     * most {@code batch} of them in memory.
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
        boolean unused = some.flush();
    }

    private boolean walk(Path directory, Batch some) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Optional<StagedFile> found = read(entry);
                boolean goesOn = found.isPresent()
                        ? some.add(found.get())
                        : !StagingTree.isFormerDirectory(entry) || walk(entry, some);
                if (!goesOn) {
                    return false;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Removed by somebody else meanwhile, or not ours.
            return true;
        }
        return true;
    }

    private Optional<StagedFile> read(Path file) throws IOException {
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
        Optional<StagedFile> found = read(tree.file(id));
        return found.isPresent() ? found : read(tree.formerFile(id));
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

    /** Collects files until the batch is full. */
    private static final class Batch {

        private final List<StagedFile> files = new ArrayList<>();
        private final int size;
        private final Visitor visitor;

        Batch(int size, Visitor visitor) {
            this.size = size;
            this.visitor = visitor;
        }

        /** False when the visitor ends the walk. */
        boolean add(StagedFile file) {
            files.add(file);
            return files.size() < size || flush();
        }

        boolean flush() {
            if (files.isEmpty()) {
                return true;
            }
            List<StagedFile> whole = List.copyOf(files);
            files.clear();
            return visitor.visit(whole);
        }
    }
}
