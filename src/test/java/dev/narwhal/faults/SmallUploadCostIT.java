package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one small upload costs the disk and the heap, with its delivery to a directory on the same disk. Time depends on the machine;
 * these counts do not. A change that lowers one lowers its limit here; a change that must raise one says why.
 *
 * <p>The journal of the disk counts the server's own calls of libc, so it needs no right to trace a process.
 */
@Tag("process")
class SmallUploadCostIT {

    private static final Logger log = LoggerFactory.getLogger(SmallUploadCostIT.class);

    /** Calls of fsync and fdatasync. Each limit is the count of today and most of a call, for what the server does by the clock. */
    private static final double SYNCS = 6.9;

    /** Files and directories opened, and so closed, too. */
    private static final double OPENS = 11.9;

    /** Directories made, files linked, renamed and removed. */
    private static final double NAMES = 3.9;

    /** Calls that write to files. */
    private static final double WRITES = 6.9;

    /** KiB allocated on the heap. */
    private static final double ALLOCATED = 260;

    private static final int WARM_UP = 60;
    private static final int UPLOADS = 60;
    private static final double KIB = 1024;
    private static final byte[] CONTENT = new byte[4096];

    @TempDir
    Path dir;

    private DiskJournal journal;
    private NarwhalProcess server;
    private AllocatedBytes heap;

    @BeforeEach
    void start() throws Exception {
        Path real = dir.toRealPath();
        journal = new DiskJournal(
                DiskJournal.compile(real), real.resolve("journal"), Files.createDirectory(real.resolve("disk")));
        server = ServerOnDisk.start(journal);
        heap = AllocatedBytes.of(server.pid());
    }

    @AfterEach
    void stop() throws IOException {
        if (heap != null) {
            heap.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void creationWithUpload_costsNoMoreThanItsLimits() throws Exception {
        send(WARM_UP);
        long before = heap.read();
        int known = journal.read().size();
        send(UPLOADS);
        double allocated = (heap.read() - before) / KIB / UPLOADS;
        List<DiskEvent> all = journal.read();
        List<DiskEvent> events = all.subList(known, all.size());
        assertThat(each(events, DiskEvent.SyncEnded.class))
                .as("syncs that the journal saw")
                .isGreaterThanOrEqualTo(1);

        SoftAssertions costs = new SoftAssertions();
        check(costs, "syncs", each(events, DiskEvent.SyncEnded.class), SYNCS);
        check(costs, "opens", each(events, DiskEvent.Opened.class), OPENS);
        check(costs, "changes of names", names(events), NAMES);
        check(costs, "writes", each(events, DiskEvent.Written.class), WRITES);
        check(costs, "KiB allocated", allocated, ALLOCATED);
        costs.assertAll();
    }

    private static void check(SoftAssertions costs, String name, double value, double limit) {
        log.info("{} for one upload: {}, at most {}", name, value, limit);
        costs.assertThat(value).as(name).isLessThanOrEqualTo(limit);
    }

    /** One after the other, each with its delivery, so that no two share a sync. */
    private void send(int uploads) throws Exception {
        try (PlainTus tus = new PlainTus()) {
            DeliveredFiles delivered = DeliveredFiles.in(server.delivered());
            for (int i = 0; i < uploads; i++) {
                URI upload = tus.create(server.uploads(), CONTENT.length, "filename c21hbGwuYmlu", CONTENT);
                delivered.await(upload);
            }
        }
        awaitRest();
    }

    private void awaitRest() {
        long[] size = new long[1];
        Awaitility.await("the end of what follows the deliveries")
                .pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(30))
                .until(() -> size[0] == (size[0] = Files.size(journal.file())));
    }

    private static double names(List<DiskEvent> events) {
        return each(events, DiskEvent.MadeDirectory.class)
                + each(events, DiskEvent.Linked.class)
                + each(events, DiskEvent.Renamed.class)
                + each(events, DiskEvent.Removed.class);
    }

    private static double each(List<DiskEvent> events, Class<? extends DiskEvent> type) {
        return (double) events.stream().filter(type::isInstance).count() / UPLOADS;
    }
}
