package dev.narwhal.faults;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import net.jqwik.api.state.ActionChain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Random sequences of requests and crashes against the real jar: each answer, and after each of them each upload, is what a
 * model says. A sequence that fails is made as short as it can be, and printed with its seed.
 */
@Tag("faults")
abstract class RandomSequencesContract {

    private static final Logger log = LoggerFactory.getLogger(RandomSequencesContract.class);
    private static final int LONGEST = 32;

    private final AtomicInteger crashes = new AtomicInteger();

    private final PlainTus tus = new PlainTus();

    @SuppressWarnings("NullAway.Init")
    private Path dir;

    @SuppressWarnings("NullAway.Init")
    private NarwhalProcess server;

    /** Starts the server, with its database. */
    abstract NarwhalProcess start(Path dataDir) throws IOException;

    abstract void stopDatabase() throws IOException;

    @BeforeProperty
    void startAll() throws IOException {
        dir = Files.createTempDirectory("narwhal-sequences");
        server = start(dir.resolve("data"));
    }

    @AfterProperty
    void stopAll() throws IOException {
        log.info("Crashes among the actions: {}", crashes.get());
        tus.close();
        server.close();
        stopDatabase();
        FileSystemUtils.deleteRecursively(dir);
    }

    @Property
    void everySequence_isAnsweredAsTheModelSays(@ForAll("sequences") ActionChain<ModelledServer> sequence) {
        sequence.withInvariant("every upload is as modelled", ModelledServer::assertAsModelled)
                .run()
                .assertDelivered(dir);
    }

    @Provide
    Arbitrary<ActionChain<ModelledServer>> sequences() {
        return RandomActions.chains(() -> new ModelledServer(server, tus, crashes), LONGEST);
    }
}
