package dev.narwhal.faults;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What a process did to the disk, as {@code src/test/native/disk-journal.c} wrote it down. */
sealed interface DiskEvent {

    /** @param created whether the file was not there before */
    record Opened(long handle, Path path, boolean created, boolean directory, long inode) implements DiskEvent {}

    record Written(long handle, long offset, ByteBuffer data) implements DiskEvent {}

    record Truncated(long handle, long size) implements DiskEvent {}

    /** What has been done to the file, or to the entries of the directory, before this is durable after the end. */
    record SyncBegun(long handle, long number) implements DiskEvent {}

    record SyncEnded(long handle, long number) implements DiskEvent {}

    record MadeDirectory(Path path) implements DiskEvent {}

    record Linked(Path from, Path to) implements DiskEvent {}

    record Renamed(Path from, Path to) implements DiskEvent {}

    record Removed(Path path) implements DiskEvent {}

    /** An answer is about to be sent: its status line and headers, and perhaps something of its body. */
    record Answered(String head) implements DiskEvent {}
}
