package dev.narwhal.doctor;

import dev.narwhal.staging.DataDirectory;
import dev.narwhal.staging.DataDirectoryProperties;
import dev.narwhal.staging.StagingProbe;
import dev.narwhal.staging.StagingProperties;
import dev.narwhal.startup.InspectedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the data directory and its disk, at the place of staged uploads. */
final class DiskCheck implements Doctor.Check {

    private static final String DIRECTORY = "data directory";
    private static final String STAGING = "staging";
    private static final int WRITES = 100;
    private static final long AMPLE = 1L << 30;
    private static final Duration SLOW_MEDIAN = Duration.ofMillis(25);
    private static final Duration SLOW_OUTLIER = Duration.ofMillis(250);

    /** File systems in memory, whose files a power cut removes. */
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");

    private final InspectedSettings settings;

    DiskCheck(InspectedSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Finding> findings() {
        Optional<Path> directory = settings.bind(DataDirectoryProperties.class).map(DataDirectoryProperties::path);
        return directory.isEmpty() ? List.of() : look(directory.get());
    }

    private List<Finding> look(Path directory) {
        Path there = nearest(directory);
        List<Finding> findings = new ArrayList<>();
        try (StagingProbe probe = StagingProbe.in(there)) {
            findings.add(Finding.ok(DIRECTORY, directory + state(directory)));
            findings.add(medium(probe));
            Optional<StagingProperties> staging = settings.bind(StagingProperties.class);
            if (staging.isPresent()) {
                findings.add(space(probe, staging.get().reserve().toBytes()));
            }
            findings.add(direct(probe));
            findings.add(syncs(probe));
        } catch (IOException e) {
            findings.add(Finding.fail(
                    DIRECTORY,
                    directory + " cannot be used: nothing can be written in " + there + " ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                    "Make it writable for the user that runs the server, or name another one with narwhal.data-dir."));
        }
        return findings;
    }

    /** Staging may be a separate disk. Before the first start the directory is missing; the server will create it. */
    private static Path nearest(Path directory) {
        Path at = directory.resolve(STAGING);
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    private static String state(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return " is not there yet; the first start makes it";
        }
        return DataDirectory.holder(directory)
                .map(holder -> " is writable, and in use by a running server: " + holder)
                .orElse(" is writable, and in use by nobody");
    }

    private static Finding medium(StagingProbe probe) throws IOException {
        String type = probe.fileSystem();
        return MEMORY.contains(type)
                ? Finding.warn(
                        "file system",
                        type + ": a file system in memory",
                        "Put narwhal.data-dir on a disk: what is acknowledged does not survive a power cut here.")
                : Finding.ok("file system", type);
    }

    private static Finding space(StagingProbe probe, long reserve) throws IOException {
        long free = probe.freeBytes();
        String text = Amounts.size(free) + " free, narwhal.staging.reserve is " + Amounts.size(reserve);
        if (free <= reserve) {
            return Finding.fail(
                    "free space",
                    text + ": every upload is answered 507",
                    "Make room on that disk, or name another one with narwhal.data-dir.");
        }
        return free - reserve < AMPLE
                ? Finding.warn("free space", text, "Make room on that disk: uploads stop with 507 at the reserve.")
                : Finding.ok("free space", text);
    }

    private static Finding direct(StagingProbe probe) {
        return probe.isDirectPossible()
                ? Finding.ok("direct I/O", "works")
                : Finding.warn(
                        "direct I/O",
                        "does not work here: large uploads go through the page cache",
                        "Nothing has to be done; for the speed of large uploads use a local file system such as ext4 or XFS.");
    }

    private static Finding syncs(StagingProbe probe) throws IOException {
        List<Duration> times = probe.syncedWrites(WRITES);
        Duration median = times.get(WRITES / 2);
        Duration outlier = times.get(WRITES - 1 - WRITES / 100);
        String text = "median " + Amounts.millis(median) + ", 99% within " + Amounts.millis(outlier) + " (" + WRITES
                + " writes of 4 KiB, synced)";
        return median.compareTo(SLOW_MEDIAN) > 0 || outlier.compareTo(SLOW_OUTLIER) > 0
                ? Finding.warn(
                        "synced writes",
                        text,
                        "Every acknowledgement waits that long: use a faster disk, or look at what else writes to it.")
                : Finding.ok("synced writes", text);
    }
}
