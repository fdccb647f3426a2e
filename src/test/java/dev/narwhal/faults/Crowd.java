package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PatientClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Some patient clients at once, each with a file of its own. */
final class Crowd implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<PatientClient> clients = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private final List<Future<URI>> uploads = new ArrayList<>();

    private Crowd() {}

    /**
     * @param size bytes of the largest file
     * @param chunk bytes of the largest body
     */
    static Crowd start(URI files, int size, int chunk, int clients, Random luck) {
        Crowd crowd = new Crowd();
        for (int i = 0; i < clients; i++) {
            byte[] content = new byte[size - luck.nextInt(size / 8)];
            luck.nextBytes(content);
            int body = chunk / 2 + luck.nextInt(chunk / 2);
            crowd.add(content, new PatientClient(files, "file-" + i, content, body, PATIENCE));
        }
        return crowd;
    }

    private void add(byte[] content, PatientClient client) {
        contents.add(content);
        clients.add(client);
        uploads.add(threads.submit(client));
    }

    /** How often each method was answered by each status, by all. */
    Map<String, Integer> answers() {
        Map<String, Integer> all = new TreeMap<>();
        clients.forEach(client -> client.answers().forEach((what, times) -> all.merge(what, times, Integer::sum)));
        return all;
    }

    int answered(String what) {
        return answers().getOrDefault(what, 0);
    }

    int bodies() {
        return answered("PATCH 204");
    }

    /** Requests that were not done, for whatever reason. */
    int failed() {
        return answers().entrySet().stream()
                .filter(answer -> answer.getKey().matches(".* (5..|423|-)"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Where the upload's bytes are to be in the end. */
    @FunctionalInterface
    interface Delivered {
        void assertHolds(URI upload, byte[] content) throws Exception;
    }

    /** Waits until all have sent all. */
    void assertAll(Delivered delivered) throws Exception {
        for (int i = 0; i < uploads.size(); i++) {
            URI upload = uploads.get(i).get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(clients.get(i).acknowledged()).isEqualTo(contents.get(i).length);
            delivered.assertHolds(upload, contents.get(i));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        clients.forEach(PatientClient::close);
    }
}
