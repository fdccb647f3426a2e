package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.clients.AccessLog.Request;
import dev.narwhal.testkit.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** One client in one scenario. What it has uploaded is compared byte for byte at the destination, and removed there. */
final class Play {

    private static final int MIB = 1 << 20;
    static final int INTERRUPTED_SIZE = 24 * MIB;
    /** In the middle of a request, whether a client sends all at once or in 5, 8 or 10 MiB. */
    static final int INTERRUPTED_AT = 13 * MIB;
    /** Heads of requests, the framing of chunks, and what was on its way at the interruption. */
    private static final int ALLOWANCE = MIB / 2;
    /** What the server must have at the interruption; the rest of what was let through is no file's content. */
    static final int RECORDED = INTERRUPTED_AT - ALLOWANCE / 2;

    private static final String PARTS = "4";

    private final Client client;
    private final Stage stage;
    private final int mark;

    Play(Client client, Stage stage) {
        this.client = client;
        this.stage = stage;
        this.mark = stage.log.mark();
        stage.proxy.countAnew();
    }

    void run(Scenario scenario) throws Exception {
        switch (scenario) {
            case EMPTY -> upload(0);
            case ONE_BYTE -> upload(1);
            case TEN_MIB_LESS_ONE -> upload(10 * MIB - 1);
            case TEN_MIB -> upload(10 * MIB);
            case TEN_MIB_AND_ONE -> upload(10 * MIB + 1);
            case HUNDRED_MIB -> upload(100 * MIB);
            case CONNECTION_RESET -> interrupted(stage.uploads(), stage.proxy);
            case SERVER_KILLED -> stage.serverDeath().assertSurvivedBy(client);
            case CLIENT_KILLED -> clientKilled();
            case BEHIND_NGINX -> behindNginx();
            case TERMINATION -> termination();
            case DATA_DURING_CREATION -> dataDuringCreation();
            case DEFERRED_LENGTH -> deferredLength();
            case CHECKSUM -> checksum();
            case METHOD_OVERRIDE -> methodOverride();
            case PARALLEL -> parallel();
            case PARALLEL_RESET -> parallelReset();
            case PARALLEL_CLIENT_KILLED -> parallelClientKilled();
        }
    }

    private void upload(int size, String... options) throws Exception {
        Path file = stage.file(size);
        try (ClientProcess process = client.upload(file, stage.uploads(), options)) {
            stage.assertDelivered(process, file);
        }
    }

    private URI interrupted(URI creationUrl, FaultProxy proxy, String... options) throws Exception {
        Path file = stage.file(INTERRUPTED_SIZE);
        proxy.holdAfter(INTERRUPTED_AT);
        try (ClientProcess process = client.upload(file, creationUrl, options)) {
            awaitHeld(process, proxy);
            proxy.reset();
            URI upload = stage.assertDelivered(process, file);
            assertResumed(proxy);
            return upload;
        }
    }

    /** The second run knows what the first one has left in the store, and nothing else. */
    private void clientKilled(String... options) throws Exception {
        Path file = stage.file(INTERRUPTED_SIZE);
        String[] stored = new String[options.length + 2];
        System.arraycopy(options, 0, stored, 0, options.length);
        stored[options.length] = "--store";
        stored[options.length + 1] = stage.newStore().toString();
        stage.proxy.holdAfter(INTERRUPTED_AT);
        try (ClientProcess first = client.upload(file, stage.uploads(), stored)) {
            awaitHeld(first, stage.proxy);
            first.close();
            stage.proxy.reset();
        }
        try (ClientProcess second = client.upload(file, stage.uploads(), stored)) {
            stage.assertDelivered(second, file);
            assertResumed(stage.proxy);
        }
    }

    private void behindNginx() throws Exception {
        URI creationUrl = stage.uploadsBehindNginx();
        URI upload = interrupted(creationUrl, stage.beforeNginx());
        assertThat(upload.toString()).startsWith(creationUrl + "/");
    }

    private void termination() throws Exception {
        // Not through the proxy: the observer would use a connection again that was reset after the last scenario.
        URI upload = stage.observer.create(stage.server.uploads(), 100, "unwanted");
        stage.observer.patch(upload, 0, new byte[50]);
        try (ClientProcess process = client.terminate(stage.proxy.through(upload))) {
            process.awaitDone();
        }
        assertThat(stage.observer.head(upload).statusCode()).isIn(404, 410);
    }

    private void dataDuringCreation() throws Exception {
        upload(MIB, "--data-during-creation");
        assertThat(requests())
                .filteredOn(request -> request.created() || request.isPatch())
                .hasSize(1);
    }

    private void deferredLength() throws Exception {
        upload(10 * MIB + 1, "--defer-length");
        assertThat(creations()).extracting(Request::deferLength).containsExactly("1");
    }

    private void checksum() throws Exception {
        upload(10 * MIB + 1, "--checksum");
        assertThat(requests())
                .filteredOn(Request::isPatch)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.checksum()).startsWith("sha1 "));
    }

    private void methodOverride() throws Exception {
        upload(10 * MIB + 1, "--override");
        assertThat(requests())
                .filteredOn(Request::isPatch)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.method()).isEqualTo("POST"));
    }

    private void parallel() throws Exception {
        upload(INTERRUPTED_SIZE, "--parallel", PARTS);
        assertJoined();
    }

    private void parallelReset() throws Exception {
        interrupted(stage.uploads(), stage.proxy, "--parallel", PARTS);
        assertJoined();
    }

    private void parallelClientKilled() throws Exception {
        clientKilled("--parallel", PARTS);
        assertJoined();
    }

    /** So many partial uploads, and the one that they were made for. */
    private void assertJoined() {
        assertThat(creations())
                .filteredOn(request -> request.concat().equals("partial"))
                .hasSize(4);
        assertThat(creations())
                .filteredOn(request -> request.concat().startsWith("final;"))
                .hasSize(1);
    }

    /** Until the client may not send on, and all that it has sent has been recorded. */
    private void awaitHeld(ClientProcess process, FaultProxy proxy) throws IOException {
        Awaitility.await("the client is held back")
                .atMost(Duration.ofSeconds(60))
                .until(() -> proxy.isHolding() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("It was not held back:\n" + process.rest());
        }
        Awaitility.await("what was sent is recorded")
                .atMost(Duration.ofSeconds(30))
                .until(() -> stage.recorded(creations()) > RECORDED);
    }

    /** Nothing was created twice, and little sent twice: it went on where it was interrupted. */
    private void assertResumed(FaultProxy proxy) {
        List<Request> created = creations();
        assertThat(created).as("creations").hasSize(created.getFirst().concat().equals("partial") ? 5 : 1);
        assertThat(requests().stream().filter(Request::isPatch).map(Request::offsetOrNone))
                .as("offsets of PATCH")
                .anyMatch(offset -> offset > 0);
        assertSentOnce(proxy);
    }

    static void assertSentOnce(FaultProxy proxy) {
        assertThat(proxy.forwarded())
                .as("bytes sent for a file of " + INTERRUPTED_SIZE)
                .isBetween((long) INTERRUPTED_SIZE, (long) INTERRUPTED_SIZE + ALLOWANCE);
    }

    private List<Request> requests() {
        return stage.log.since(mark);
    }

    private List<Request> creations() {
        return stage.log.creationsSince(mark);
    }
}
