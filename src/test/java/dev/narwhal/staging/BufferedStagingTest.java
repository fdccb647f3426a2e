package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract, through the page cache. */
class BufferedStagingTest extends StagingStoreContract {

    private DiskFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = DiskFixture.buffered();
    }

    @AfterEach
    void close() throws IOException {
        assertThat(fixture.disk.count(FaultyDisk.Kind.WRITE_DIRECT)).isLessThanOrEqualTo(1);
        assertThat(fixture.store.buffersInUse()).isZero();
        fixture.close();
    }

    @Override
    StagingStore store() {
        return fixture.store;
    }

    @Override
    void truncate(UploadId id, long size) throws IOException {
        fixture.truncate(id, size);
    }
}
