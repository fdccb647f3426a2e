package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open no more files: it says so, goes on with what it has, and mends by itself. */
@Tag("faults")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DescriptorsIT {

    @TempDir
    private Path dir;

    @Test
    void descriptors_areGone_requestsAreAnswered503() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 5, "five");
            limit(server, 150);
            try {
                for (int i = 0; i < 200; i++) {
                    idle.add(new Socket("127.0.0.1", server.port()));
                }
                Awaitility.await().until(() -> server.log().contains("server.accept-failed"));
                HttpResponse<String> patch = tus.patch(upload, 0, new byte[5]);
                assertThat(patch.statusCode()).isEqualTo(503);
                assertThat(patch.body()).contains("NO_DESCRIPTORS");
                assertThat(tus.offset(upload)).isZero();
            } finally {
                close(idle);
            }
            Awaitility.await().until(() -> tus.patch(upload, 0, new byte[5]).statusCode() == 204);
            assertThat(server.log().lines().filter(line -> line.contains("server.accept-failed")))
                    .hasSize(1);
            assertThat(server.log()).doesNotContain("\tat ");
        }
    }

    private static void limit(NarwhalProcess server, int descriptors) throws Exception {
        Process limit = new ProcessBuilder("prlimit", "--pid", "" + server.pid(), "--nofile=" + descriptors + ":")
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).isZero();
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
