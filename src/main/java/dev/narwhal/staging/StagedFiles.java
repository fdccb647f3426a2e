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
        List<StagedFile> some = new ArrayList<>();
        for (int leaf = 0; leaf < StagingTree.LEAVES; leaf++) {
            if (!walk(tree.leaf(leaf), batch, some, visitor)) {
                return;
            }
        }
        if (!some.isEmpty()) {
            boolean unused = visitor.visit(List.copyOf(some));
        }
    }

    private boolean walk(Path leaf, int batch, List<StagedFile> some, Visitor visitor) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(leaf)) {
            for (Path file : files) {
                look(file).ifPresent(some::add);
                if (some.size() >= batch) {
                    List<StagedFile> whole = List.copyOf(some);
                    some.clear();
                    if (!visitor.visit(whole)) {
                        return false;
                    }
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Directories are made when they are needed.
            return true;
        }
        return true;
    }

    private Optional<StagedFile> look(Path file) throws IOException {
        Optional<UploadId> id = UploadId.parse(String.valueOf(file.getFileName()));
        if (id.isEmpty() || !tree.file(id.get()).equals(file)) {
            return Optional.empty();
        }
        return attributes(file)
                .map(found -> new StagedFile(
                        id.get(), found.size(), found.lastModifiedTime().toInstant()));
    }

    /** One file; empty when there is none. */
    public Optional<StagedFile> find(UploadId id) throws IOException {
        return look(tree.file(id));
    }

    /** Bytes of the file, whatever its row says; empty when there is none. */
    public OptionalLong bytes(UploadId id) throws IOException {
        Optional<BasicFileAttributes> found = attributes(tree.file(id));
        return found.isPresent() ? OptionalLong.of(found.get().size()) : OptionalLong.empty();
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
}
