package dev.narwhal.staging;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The place of the embedded database, staged bytes and delivered files.
 *
 * @param dataDir Directory of the embedded database, staged uploads and delivered files; created if it is missing, used
 *     by one process at a time.
 */
@ConfigurationProperties("narwhal")
public record DataDirectoryProperties(
        @DefaultValue("./data") String dataDir) {

    public DataDirectoryProperties {
        if (dataDir.isBlank()) {
            throw new IllegalArgumentException("narwhal.data-dir is '" + dataDir + "': give the path of a directory");
        }
        toPath(dataDir);
    }

    /** Absolute, without {@code .} and {@code ..}. */
    public Path path() {
        return toPath(dataDir);
    }

    /**
     * Not bound as a Path: Spring's conversion would take "./data" for a class path resource of that name, if there is
     * one.
     */
    private static Path toPath(String dataDir) {
        try {
            return Path.of(dataDir).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "narwhal.data-dir is '" + dataDir + "': that is not a path (" + e.getReason() + ")", e);
        }
    }
}
