package dev.narwhal.staging;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where everything embedded lives: the database, staged bytes, delivered files.
 *
 * @param dataDir Directory below which the embedded database, staged uploads and delivered files live; made when it is
 *     missing, used by one process at a time.
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

    /** Not bound as a Path: Spring's conversion takes "./data" for a class path resource where there is one of that name. */
    private static Path toPath(String dataDir) {
        try {
            return Path.of(dataDir).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "narwhal.data-dir is '" + dataDir + "': that is not a path (" + e.getReason() + ")", e);
        }
    }
}
