package dev.narwhal.staging;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** Opens staged files. Tests replace it to simulate a failing disk. */
@FunctionalInterface
interface ChannelOpener {

    FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException;
}
