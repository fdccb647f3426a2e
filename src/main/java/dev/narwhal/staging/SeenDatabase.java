package dev.narwhal.staging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.narwhal.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** What a staging volume remembers of its database, in the file {@code .database}. */
public final class SeenDatabase {

    private static final String FILE = ".database";

    private final Path file;

    /** @param root of the volume */
    public SeenDatabase(Path root) {
        this.file = root.resolve(FILE);
    }

    /**
     * What is remembered.
     *
     * @param age the largest age of the database that was seen
     * @param completeSince the database has a row for every upload that was staged since then and acknowledged; it may lack rows of
     *     earlier ones
     */
    public record Memory(long age, Instant completeSince) {}

    /**
     * Empty for a volume that has seen none, and for a file that cannot be understood.
     *
     * @throws IOException when the file cannot be read
     */
    public Optional<Memory> read() throws IOException {
        try {
            String[] words = Files.readString(file, US_ASCII).strip().split(" ", -1);
            return words.length == 2
                    ? Optional.of(new Memory(Long.parseLong(words[0]), Instant.parse(words[1])))
                    : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Durable when this returns. */
    public void write(Memory memory) throws IOException {
        DurableFiles.write(file, memory.age() + " " + memory.completeSince() + "\n");
    }
}
