package dev.narwhal.faults;

import dev.narwhal.faults.PowerLossWorkload.Plan;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The real server on a disk whose changes are written down. */
final class ServerOnDisk {

    private ServerOnDisk() {}

    static NarwhalProcess start(DiskJournal journal, String... settings) throws IOException {
        return NarwhalProcess.start(
                journal.root().resolve(KeptPromises.DATA),
                NarwhalProcess.QUICK_START,
                List.of(settings),
                journal.environment());
    }

    /** Waits until each upload that was sent whole is at its destination, and no staged file is left of it. */
    static void awaitDeliveries(NarwhalProcess server, Map<String, Plan> plans) {
        Set<String> expected = plans.entrySet().stream()
                .filter(plan -> plan.getValue().ends() && plan.getValue().delivers())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Awaitility.await("deliveries")
                .atMost(Duration.ofSeconds(60))
                .until(() -> names(server.delivered()).containsAll(expected));
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }
}
