package dev.narwhal.client.transfer;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;

/**
 * A file as it was when its upload began.
 *
 * @param path absolute, normalised
 * @param size in bytes
 */
public record SourceFile(Path path, long size, Instant modified) {

    /** @throws SourceException when there is no readable regular file */
    public static SourceFile of(Path path) throws SourceException {
        Path absolute = path.toAbsolutePath().normalize();
        BasicFileAttributes attributes = attributes(absolute);
        if (attributes.isDirectory()) {
            throw new SourceException("is a directory; name the files in it", null);
        }
        if (!attributes.isRegularFile()) {
            throw new SourceException("is not a regular file", null);
        }
        if (!Files.isReadable(absolute)) {
            throw new SourceException("may not be read", null);
        }
        return new SourceFile(
                absolute, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }

    /** By the file's name, on some platforms by its first bytes. */
    public Optional<String> contentType() {
        try {
            return Optional.ofNullable(Files.probeContentType(path));
        } catch (IOException unknown) {
            // The type is a courtesy to the server. A file that cannot be read is noticed when it is read.
            return Optional.empty();
        }
    }

    /** @throws SourceException when size or time of last change are not what they were */
    void requireUnchanged() throws SourceException {
        BasicFileAttributes now = attributes(path);
        if (now.size() != size || !now.lastModifiedTime().toInstant().equals(modified)) {
            throw new SourceException(
                    "changed while it was uploaded (it had " + size + " bytes, last changed " + modified + "; now "
                            + now.size() + " bytes, " + now.lastModifiedTime().toInstant()
                            + "); what was sent is left incomplete",
                    null);
        }
    }

    private static BasicFileAttributes attributes(Path path) throws SourceException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException missing) {
            throw new SourceException("does not exist", missing);
        } catch (AccessDeniedException denied) {
            throw new SourceException("may not be read", denied);
        } catch (IOException unreadable) {
            throw new SourceException("cannot be read (" + unreadable.getMessage() + ")", unreadable);
        }
    }
}
