package dev.narwhal.destination.directory;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Files in a directory.
 *
 * @param path made if it is not there; on the file system of the staging area files are linked, not copied; required for a
 *     destination that has a name
 * @param reserve free space that copies leave to others; links need none
 */
public record DirectoryProperties(
        @Nullable Path path, @DefaultValue("256MB") DataSize reserve) {

    public DirectoryProperties {
        if (reserve.isNegative()) {
            throw new IllegalArgumentException(
                    "narwhal.destination.directory.reserve is '" + reserve + "'; allowed: a size from 0B on");
        }
    }
}
