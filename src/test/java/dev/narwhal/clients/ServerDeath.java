package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.FaultProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The server dies in the middle of everybody's upload, and is started again: once for all clients, because a start takes
 * seconds. Each client has a proxy of its own, and is looked at on its own.
 */
final class ServerDeath implements AutoCloseable {

    private final Stage stage;
    private final Path file;
    private final int mark;
    private final Map<String, Casualty> casualties = new LinkedHashMap<>();

    /** @param held whether it was in the middle of its upload when the server died */
    private record Casualty(FaultProxy proxy, ClientProcess process, boolean held) {}

    private ServerDeath(Stage stage) throws IOException {
        this.stage = stage;
        this.file = stage.file(Play.INTERRUPTED_SIZE);
        this.mark = stage.log.mark();
    }

    static ServerDeath of(List<Client> clients, Stage stage) throws IOException {
        ServerDeath death = new ServerDeath(stage);
        for (Client client : clients) {
            death.interrupt(client);
        }
        death.awaitRecorded();
        stage.server.kill();
        death.casualties.values().forEach(casualty -> casualty.proxy().reset());
        stage.server.restart();
        return death;
    }

    private void interrupt(Client client) throws IOException {
        FaultProxy proxy = FaultProxy.to(stage.server.root());
        proxy.holdAfter(Play.INTERRUPTED_AT);
        ClientProcess process = client.upload(file, proxy.through(stage.server.uploads()));
        Awaitility.await(client + " is held back")
                .atMost(Duration.ofSeconds(60))
                .until(() -> proxy.isHolding() || !process.isAlive());
        casualties.put(client.name(), new Casualty(proxy, process, process.isAlive()));
    }

    private void awaitRecorded() {
        long held = casualties.values().stream().filter(Casualty::held).count();
        Awaitility.await("what was sent is recorded")
                .atMost(Duration.ofSeconds(60))
                .until(() -> stage.recorded(stage.log.creationsSince(mark)) > held * Play.RECORDED);
    }

    /** The client's upload is complete, and little of it was sent twice. */
    void assertSurvivedBy(Client client) throws IOException, InterruptedException {
        Casualty casualty = casualties.get(client.name());
        if (casualty == null || !casualty.held()) {
            throw new AssertionError("It had not begun: "
                    + (casualty == null ? "" : casualty.process().rest()));
        }
        stage.assertDelivered(casualty.process(), file);
        Play.assertSentOnce(casualty.proxy());
        assertThat(stage.log.creationsSince(mark)).as("creations").hasSize(casualties.size());
    }

    @Override
    public void close() throws IOException {
        for (Casualty casualty : casualties.values()) {
            casualty.process().close();
            casualty.proxy().close();
        }
    }
}
