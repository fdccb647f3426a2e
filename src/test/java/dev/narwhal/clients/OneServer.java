package dev.narwhal.clients;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Clients of one server, which all tests of a class share. */
abstract class OneServer {

    @TempDir
    static Path dir;

    static NarwhalProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = NarwhalProcess.start(dir.resolve("data"));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }
}
