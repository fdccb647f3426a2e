package dev.narwhal.staging;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** How staged files are opened: the seam at which a test puts a disk that fails. */
@FunctionalInterface
interface ChannelOpener {

    FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException;
}
