package dev.narwhal.destination.s3;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A store that computes and returns checksums as AWS does; it checks no signatures. */
@Tag("process")
class S3MockDestinationIT extends S3DestinationContract {

    @TempDir
    static Path directory;

    private static S3ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = S3ServerProcess.s3Mock(directory);
        makeBucket(server.endpoint());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected URI endpoint() {
        return server.endpoint();
    }

    @Override
    protected boolean abortTakesTheObjectToo() {
        return true;
    }
}
