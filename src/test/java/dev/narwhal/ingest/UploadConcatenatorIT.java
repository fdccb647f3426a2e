package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transaction of a final, for which everybody's rows wait, waits for no disk. */
class UploadConcatenatorIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private ExpiryFixture server;

    @BeforeEach
    void open() {
        database = TestDatabase.h2(folder);
        server = new ExpiryFixture(folder, database);
        server.bodies.start();
    }

    @AfterEach
    void close() {
        server.close();
        database.close();
    }

    @Test
    void concatenate_asksTheDiskBeforeTheTransaction() throws Exception {
        Upload whole = server.append(server.create(UploadKind.PARTIAL, 10), "helloworld");
        Upload begun = server.create(UploadKind.PARTIAL, 10);

        server.concatenate(whole, begun, whole);

        assertThat(server.staging.looksInTransactions).hasValue(0);
    }

    @Test
    void concatenate_expiredPartial_isRefusedWithoutAskingTheDisk() throws Exception {
        Upload partial = server.append(server.create(UploadKind.PARTIAL, 10), "helloworld");
        server.clock.pass(ExpiryFixture.EXPIRE_AFTER.plus(Duration.ofHours(1)));

        assertThatExceptionOfType(PartialUnusableException.class).isThrownBy(() -> server.concatenate(partial));

        assertThat(server.staging.looksInTransactions).hasValue(0);
    }
}
