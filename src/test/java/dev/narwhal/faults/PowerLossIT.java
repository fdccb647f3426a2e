package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.faults.CutDisk.Fate;
import dev.narwhal.faults.SimulatedDisk.Change;
import dev.narwhal.faults.SimulatedDisk.Node;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.NarwhalProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The power goes. One run of the real server is recorded, system call by system call, in the order of its answers; then
 * the disk is looked at as it would have been after a cut at any moment of that run.
 */
@Tag("faults")
@Tag("brief")
class PowerLossIT {

    private static final Logger log = LoggerFactory.getLogger(PowerLossIT.class);

    @TempDir
    static Path dir;

    private static Path library;
    private static SimulatedDisk disk;
    private static KeptPromises promises;
    private static List<Acknowledgement> told;
    private static Map<String, PowerLossWorkload.Plan> plans;

    @BeforeAll
    static void record() throws Exception {
        Path real = dir.toRealPath();
        library = DiskJournal.compile(real);
        Path before = Files.createDirectory(real.resolve("before"));
        DiskJournal journal =
                new DiskJournal(library, real.resolve("journal"), Files.createDirectory(real.resolve("disk")));
        try (NarwhalProcess server = ServerOnDisk.start(journal);
                PowerLossWorkload workload = new PowerLossWorkload(server.uploads())) {
            workload.run(12);
            plans = workload.plans();
            ServerOnDisk.awaitDeliveries(server, plans);
            server.stop();
        }
        disk = new SimulatedDisk(journal.root(), before, journal.read());
        told = Acknowledgement.in(disk.events());
        promises = new KeptPromises(plans, told, Files.createDirectory(real.resolve("scratch")));
        log.info(
                "recorded: {} events, {} changes, {} acknowledgements",
                disk.events().size(),
                disk.changes().size(),
                told.size());
    }

    /** The power goes as the first byte of an answer is sent, and nothing survives that was not synced by then. */
    @Test
    void answer_isSentWhenWhatItPromisesIsDurable() throws Exception {
        assertThat(told).extracting(Acknowledgement::upload).containsAll(plans.keySet());
        for (Acknowledgement promise : told) {
            int cut = promise.position();
            promises.assertOn(
                    new CutDisk(disk, cut, change -> CutDisk.LOST),
                    promises.until(cut + 1).values());
        }
    }

    /** The database reaches the disk as it is written, and nothing else before it must: no row is ahead of its bytes. */
    @Test
    void row_isWrittenWhenItsBytesAreDurable() throws Exception {
        Collection<Node> database = database();
        assertAtEverySync(change -> database.contains(change.node) ? CutDisk.KEPT : CutDisk.LOST);
    }

    /** And the other way round: nothing goes that a row, which may be late, still needs. */
    @Test
    void file_isRemovedWhenNoRowNeedsIt() throws Exception {
        Collection<Node> database = database();
        assertAtEverySync(change -> database.contains(change.node) ? CutDisk.LOST : CutDisk.KEPT);
    }

    /** The database's file and its log. */
    private static Collection<Node> database() {
        return new CutDisk(disk, Integer.MAX_VALUE, change -> CutDisk.KEPT)
                .list(KeptPromises.DATA.resolve("db"))
                .values();
    }

    private static void assertAtEverySync(Fate fate) throws Exception {
        Random luck = FaultRounds.luck("moments of syncs");
        List<Integer> syncs = new ArrayList<>();
        for (int at = 0; at < disk.events().size(); at++) {
            if (disk.events().get(at) instanceof DiskEvent.SyncEnded) {
                syncs.add(at);
            }
        }
        Collections.shuffle(syncs, luck);
        for (int at : syncs.subList(0, Math.min(syncs.size(), FaultRounds.times(60)))) {
            promises.assertOn(new CutDisk(disk, at, fate), promises.until(at).values());
        }
    }

    /** The disk is looked at as the server would find it, database and all. */
    @Test
    void cut_atAnyMoment_losesNothingAcknowledged() throws Exception {
        Random luck = FaultRounds.luck("power cuts");
        List<String> failures = new ArrayList<>();
        int cuts = FaultRounds.times(80);
        for (int round = 0; round < cuts; round++) {
            int at = moment(luck);
            long seed = luck.nextLong();
            try {
                Fate fate = new PowerCutFate(new Random(seed));
                promises.assertOn(
                        new CutDisk(disk, at, fate), promises.until(at).values());
            } catch (Exception | AssertionError e) {
                failures.add("cut before event " + at + " with fate " + seed + ": " + e);
            }
        }
        assertThat(failures).as("of " + cuts + " cuts").isEmpty();
    }

    /**
     * Each second one is when a change of the database, or of another file, is on its way to the disk: most files rest most of
     * the time.
     */
    private static int moment(Random luck) {
        int end = disk.events().size();
        if (luck.nextBoolean()) {
            return luck.nextInt(end + 1);
        }
        Collection<Node> database = database();
        List<Change> ofDatabase = disk.changes().stream()
                .filter(change -> database.contains(change.node))
                .toList();
        List<Change> some = luck.nextInt(3) > 0 ? ofDatabase : disk.changes();
        Change change = some.get(luck.nextInt(some.size()));
        int from = change.at + 1;
        return from + luck.nextInt(Math.min(end, change.durableFrom()) - from + 1);
    }

    /** The real server starts on what is left, goes on, and loses nothing; also when the power goes once more as it starts. */
    @Test
    void server_startsAfterCuts_andGoesOn() throws Exception {
        Random luck = FaultRounds.luck("starts after power cuts");
        int cuts = FaultRounds.times(3);
        for (int round = 0; round < cuts; round++) {
            int at = moment(luck);
            long seed = luck.nextLong();
            log.info("start after cut before event {} with fate {}", at, seed);
            Path place = Files.createDirectory(dir.toRealPath().resolve("round-" + round));
            try {
                new CutDisk(disk, at, new PowerCutFate(new Random(seed))).writeTo(place.resolve("disk"));
                Path left = luck.nextBoolean() ? cutAgain(place, luck) : place.resolve("disk");
                DiskJournal last = new DiskJournal(library, place.resolve("last.journal"), left);
                try (NarwhalProcess server = ServerOnDisk.start(last);
                        AfterPowerLoss clients = new AfterPowerLoss(server, plans)) {
                    clients.goOn(promises.until(at).values());
                }
            } catch (Exception | AssertionError e) {
                throw new AssertionError("cut before event " + at + " with fate " + seed + ": " + e, e);
            }
            FileSystemUtils.deleteRecursively(place);
        }
    }

    /** Starts the server, and cuts the power at a moment of that start. */
    private static Path cutAgain(Path place, Random luck) throws Exception {
        Path left = place.resolve("disk");
        Path before = place.resolve("before");
        new CutDisk(new SimulatedDisk(left, left, List.of()), 0, change -> CutDisk.KEPT).writeTo(before);
        DiskJournal journal = new DiskJournal(library, place.resolve("journal"), left);
        try (NarwhalProcess server = ServerOnDisk.start(journal)) {
            server.kill();
        }
        SimulatedDisk starting = new SimulatedDisk(left, before, journal.read());
        int at = luck.nextInt(starting.events().size() + 1);
        log.info(
                "and another one before event {} of {} of that start",
                at,
                starting.events().size());
        new CutDisk(starting, at, new PowerCutFate(luck)).writeTo(place.resolve("again"));
        return place.resolve("again");
    }
}
