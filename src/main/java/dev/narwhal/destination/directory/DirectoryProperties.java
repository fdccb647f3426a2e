package dev.narwhal.destination.directory;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Files in a directory.
 *
 * @param path of the directory, created if it does not exist. On the file system of the staging area the server links files
 *     instead of copying them. Required for a named destination
 * @param reserve free space that copies leave unused; hard links need no space
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
