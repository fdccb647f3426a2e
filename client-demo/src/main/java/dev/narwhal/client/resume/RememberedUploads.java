package dev.narwhal.client.resume;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/**
 * One small file per unfinished upload. Several processes may use a directory at once: each writes the entries of its own
 * files only, so nobody reads, changes and writes back what another one has.
 */
public final class RememberedUploads {

    /** No server keeps an unfinished upload that long; what is older was given up. */
    static final Duration KEPT_FOR = Duration.ofDays(30);

    private static final String SUFFIX = ".upload";

    private final Path directory;
    private final Clock clock;

    public RememberedUploads(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** The upload's URL. An entry that cannot be understood is as good as none: the file is then sent from its start. */
    public Optional<URI> find(UploadKey key) throws IOException {
        Properties entry = new Properties();
        try (Reader reader = Files.newBufferedReader(entryOf(key))) {
            entry.load(reader);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
        return Optional.ofNullable(entry.getProperty("url")).flatMap(RememberedUploads::uri);
    }

    /** When this returns, the entry survives a power cut. */
    public void remember(UploadKey key, URI url) throws IOException {
        PrivateFiles.createDirectory(directory);
        Path written = PrivateFiles.createTemporary(directory);
        try {
            try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
                channel.write(StandardCharsets.UTF_8.encode(text(key, url)));
                channel.force(true);
            }
            Files.move(written, entryOf(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
        PrivateFiles.syncDirectory(directory);
    }

    public void forget(UploadKey key) throws IOException {
        if (Files.deleteIfExists(entryOf(key))) {
            PrivateFiles.syncDirectory(directory);
        }
    }

    /**
     * Makes this process the only one that uploads this file, until the claim is closed or the process dies. Empty when
     * another process has it: two of them would take the upload from each other without end.
     */
    public Optional<Claim> claim(UploadKey key) throws IOException {
        PrivateFiles.createDirectory(directory);
        return Claim.take(directory.resolve(key.digest() + ".lock"));
    }

    /** Removes the entries of uploads that nobody came back for. */
    public void removeOld() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Instant oldest = clock.instant().minus(KEPT_FOR);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*{" + SUFFIX + ",.lock,.tmp}")) {
            for (Path entry : entries) {
                removeIfOlder(entry, oldest);
            }
        }
    }

    private static void removeIfOlder(Path entry, Instant oldest) throws IOException {
        try {
            if (Files.getLastModifiedTime(entry).toInstant().isBefore(oldest)) {
                Files.delete(entry);
            }
        } catch (NoSuchFileException alreadyGone) {
            // Another process finished this upload, or removed the entry, between the listing and now.
            return;
        }
    }

    private Path entryOf(UploadKey key) {
        return directory.resolve(key.digest() + SUFFIX);
    }

    /** File and endpoint are there for the person who looks into the directory. */
    private static String text(UploadKey key, URI url) throws IOException {
        Properties entry = new Properties();
        entry.setProperty("url", url.toString());
        entry.setProperty("file", key.file().toString());
        entry.setProperty("size", Long.toString(key.size()));
        entry.setProperty("modified", key.modified().toString());
        entry.setProperty("endpoint", key.endpoint().toString());
        StringWriter text = new StringWriter();
        entry.store(text, null);
        return text.toString();
    }

    private static Optional<URI> uri(String text) {
        try {
            URI url = URI.create(text);
            return url.getHost() == null ? Optional.empty() : Optional.of(url);
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }
}
