package dev.narwhal.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sixteen stock clients at a time upload file after file through a network that resets, halves, stalls, throttles and cuts
 * their connections. {@code -Dfaults.stall=40} lets a stall last so many seconds; a silent body is cut off after two thirds
 * of that, so that both come to pass. {@code -Dfaults.rounds} multiplies the files.
 */
@Tag("clients")
class BadNetworkIT {

    private static final Logger log = LoggerFactory.getLogger(BadNetworkIT.class);

    private static final int FILE_SIZE = 2 << 20;
    private static final int FILES = 4;
    private static final int BETWEEN_FAULTS = 150_000;
    private static final int LEAST_FAULTS = 200;
    private static final Duration LONGEST = Duration.ofSeconds(Integer.getInteger("faults.stall", 3));

    /** The server keeps what came before these, and neither side goes on with the connection. */
    private static final List<String> RESETS = List.of("RESET", "RESET_OF_CLIENT", "RESET_OF_SERVER");

    /**
     * Bytes that such a fault may cost, on average: what the proxy has in hand, and in its socket to the server, 64 KiB each. A
     * single one may cost more, as far as the kernel and a busy machine let the client run ahead. When nothing is kept it is
     * all since the last fault, which is more than {@link #BETWEEN_FAULTS}.
     */
    private static final long IN_FLIGHT = 128L << 10;

    @TempDir
    static Path dir;

    @BeforeAll
    static void need() throws IOException {
        NetworkClients.assumeInstalled();
    }

    private record Transfer(String client, Path file, URI upload, int runs) {}

    @Test
    void clients_onABadNetwork_loseNothingAndNeverBeginAnew() throws Exception {
        AccessLog requests = new AccessLog(dir.resolve("log"));
        List<String> settings = new ArrayList<>(requests.settings());
        settings.add("--narwhal.upload.body-timeout="
                + LONGEST.multipliedBy(2).dividedBy(3).toMillis() + "ms");
        Random random = FaultRounds.luck("bad network");
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), settings.toArray(String[]::new));
                BadNetwork network = new BadNetwork(server, random, BETWEEN_FAULTS, LONGEST)) {
            long began = System.nanoTime();
            List<Transfer> transfers = uploadAll(network, random.nextLong());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            SentInVain inVain = SentInVain.of(network.bodies(), lengths(transfers));
            report(transfers, network, inVain, requests, took);
            assertHeld(server, transfers);
            assertNoneBegunAnew(requests.since(0), transfers);
            assertThat(network.faults()).as("faults").isGreaterThanOrEqualTo(FaultRounds.times(LEAST_FAULTS));
            assertThat(RESETS)
                    .allSatisfy(fault -> assertThat(inVain.average(fault))
                            .as("bytes sent in vain, on average, with each %s", fault)
                            .isLessThan(IN_FLIGHT));
        }
    }

    /** Each client on its own thread, one file after the other; a client that gives up fails the test. */
    private static List<Transfer> uploadAll(BadNetwork network, long seed) throws Exception {
        List<Transfer> transfers = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Transfer>>> running = new ArrayList<>();
            for (NetworkClients.Uploader client : NetworkClients.sixteen(dir)) {
                int number = running.size();
                running.add(threads.submit(() -> uploadFiles(client, number, network, seed)));
            }
            for (Future<List<Transfer>> client : running) {
                try {
                    transfers.addAll(client.get());
                } catch (ExecutionException e) {
                    log.error("A client gave up", e.getCause());
                    failures.add(String.valueOf(e.getCause()));
                }
            }
        }
        assertThat(failures).as("clients that gave up").isEmpty();
        return transfers;
    }

    private static List<Transfer> uploadFiles(NetworkClients.Uploader client, int number, BadNetwork network, long seed)
            throws Exception {
        List<Transfer> transfers = new ArrayList<>();
        for (int i = 0; i < FaultRounds.times(FILES); i++) {
            byte[] content = new byte[FILE_SIZE + number * 1000 + i];
            new Random(seed + number * 10_000L + i).nextBytes(content);
            Path file = Files.write(dir.resolve("file-" + number + "-" + i + ".bin"), content);
            NetworkClients.Uploaded uploaded = upload(client, file, network);
            transfers.add(new Transfer(client.name(), file, uploaded.url(), uploaded.runs()));
        }
        return transfers;
    }

    private static NetworkClients.Uploaded upload(NetworkClients.Uploader client, Path file, BadNetwork network)
            throws Exception {
        try {
            return client.upload(file, network.uploads(client.cuts()));
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "%s gave up with %s: %s%n%s"
                            .formatted(client.name(), file, e.getMessage(), network.story(metadata(file))),
                    e);
        }
    }

    private static Map<String, Long> lengths(List<Transfer> transfers) {
        return transfers.stream()
                .collect(Collectors.toMap(
                        transfer -> transfer.upload().getPath(),
                        transfer -> transfer.file().toFile().length()));
    }

    private static void assertHeld(NarwhalProcess server, List<Transfer> transfers) throws Exception {
        DeliveredFiles delivered = DeliveredFiles.in(server.delivered());
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (Transfer transfer : transfers) {
                delivered.assertHolds(transfer.upload(), transfer.file());
                URI direct = server.root().resolve(transfer.upload().getPath());
                byte[] got = http.send(HttpRequest.newBuilder(direct).build(), BodyHandlers.ofByteArray())
                        .body();
                assertThat(got).as(transfer.client()).isEqualTo(Files.readAllBytes(transfer.file()));
            }
        }
    }

    /**
     * Only one of a file's uploads ever got a PATCH. There may be others: a client that never heard the answer to its creation
     * knows no URL, and has nothing to go on with.
     */
    private static void assertNoneBegunAnew(List<AccessLog.Request> requests, List<Transfer> transfers) {
        Set<String> written = requests.stream()
                .filter(AccessLog.Request::isPatch)
                .map(AccessLog.Request::id)
                .collect(Collectors.toSet());
        for (Transfer transfer : transfers) {
            String metadata = metadata(transfer.file());
            assertThat(requests)
                    .as("uploads of %s by %s that got bytes", transfer.file().getFileName(), transfer.client())
                    .filteredOn(
                            request -> request.created() && request.metadata().contains(metadata))
                    .extracting(AccessLog.Request::createdId)
                    .filteredOn(written::contains)
                    .hasSize(1);
        }
    }

    /** As it stands in Upload-Metadata. */
    private static String metadata(Path file) {
        return Base64.getEncoder().encodeToString(file.getFileName().toString().getBytes(UTF_8));
    }

    private static void report(
            List<Transfer> transfers, BadNetwork network, SentInVain inVain, AccessLog requests, Duration took) {
        log.info(
                "{} files in {} s; {} faults {}; {} creations; runs of clients {}; {} bytes sent, {} of them in vain, {} %{}",
                transfers.size(),
                took.toSeconds(),
                network.faults(),
                network.struck(),
                requests.creationsSince(0).size(),
                transfers.stream().mapToInt(Transfer::runs).sum(),
                network.received(),
                inVain.total(),
                "%.1f".formatted(100.0 * inVain.total() / network.received()),
                inVain);
    }
}
