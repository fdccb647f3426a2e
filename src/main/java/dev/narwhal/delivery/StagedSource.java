package dev.narwhal.delivery;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.staging.StagedContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Adapts staged bytes to the interface from which destinations read.
 *
 * @param isDurable whether this process has synced the bytes. The settings do not say it of bytes that an earlier process has
 *     staged, or that somebody has copied to this disk.
 */
record StagedSource(StagedContent content, boolean isDurable) implements ContentSource {

    StagedSource(StagedContent content) {
        this(content, false);
    }

    @Override
    public long length() {
        return content.length();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return content.read(target, position);
    }

    @Override
    public Optional<Path> file() {
        return content.file();
    }
}
