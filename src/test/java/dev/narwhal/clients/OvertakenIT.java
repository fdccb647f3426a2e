package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client asks how far its upload is, and before it goes on its dead connection brings more after all: it is told 423, asks
 * again and goes on. The same with tus-java-client: {@link TusJavaClientIT}.
 */
@Tag("clients")
class OvertakenIT {

    private static final Path SCRIPTS = Path.of("src", "test", "node").toAbsolutePath();
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tus-js-client", "tus-js-client-5"})
    void patch_overtaken_isAnswered423_andTheClientGoesOn(String release) throws Exception {
        byte[] content = new byte[3 * MIB];
        new Random(5).nextBytes(content);
        Path file = Files.write(directory.resolve("content"), content);
        try (NarwhalProcess server = NarwhalProcess.start(directory.resolve("data"));
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), content.length, "overtaken.bin");
            try (HandFedPatch dead = HandFedPatch.begin(upload, 0, content.length)) {
                dead.send(content, 0, MIB);
                Awaitility.await().until(() -> tus.offset(upload) == MIB);
                String answers = overtake(release, server, file, upload, () -> dead.send(content, MIB, 2 * MIB));
                assertThat(answers).matches("ANSWERS HEAD 200, PATCH 423, HEAD 200, PATCH 204");
            }
            DeliveredFiles.in(server.delivered()).assertHolds(upload, file);
        }
    }

    private interface Sending {
        void run() throws Exception;
    }

    private static String overtake(String release, NarwhalProcess server, Path file, URI upload, Sending more)
            throws Exception {
        Map<String, String> environment =
                Map.of("TUS_CLIENT", release, "TUS_URL", server.uploads().toString());
        try (ClientProcess node =
                new ClientProcess(SCRIPTS, environment, "node", "overtaken.js", file.toString(), upload.toString())) {
            node.awaitLine("ASKED");
            String counter = "narwhal_bodies_received_bytes_total";
            double before = server.metric(counter);
            more.run();
            Awaitility.await().until(() -> server.metric(counter) >= before + MIB);
            node.writeLine("the dead connection has brought more");
            return node.awaitLine("ANSWERS");
        }
    }
}
