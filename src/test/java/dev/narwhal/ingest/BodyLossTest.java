package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.ingest.BodyInterruptedException.Reason;
import dev.narwhal.staging.StagedFileTooLargeException;
import dev.narwhal.staging.StagingFullException;
import dev.narwhal.upload.UploadId;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BodyLossTest {

    private static final UploadId ID = UploadId.random();

    @Test
    void of_eachWayInWhichABodyEnds() {
        assertThat(BodyLoss.of(new BodyInterruptedException(Reason.CUT, new EOFException())))
                .isEqualTo(BodyLoss.CUT);
        assertThat(BodyLoss.of(new BodyInterruptedException(Reason.SILENT, new EOFException())))
                .isEqualTo(BodyLoss.SILENT);
        assertThat(BodyLoss.of(new BodyInterruptedException(Reason.SLOW))).isEqualTo(BodyLoss.SLOW);
        assertThat(BodyLoss.of(new BodyInterruptedException(Reason.MALFORMED, new EOFException())))
                .isEqualTo(BodyLoss.MALFORMED);
        assertThat(BodyLoss.of(new BodyTooLargeException(1))).isEqualTo(BodyLoss.TOO_LARGE);
        assertThat(BodyLoss.of(new ChecksumMismatchException(1))).isEqualTo(BodyLoss.CHECKSUM);
        assertThat(BodyLoss.of(new StagingFullException("full"))).isEqualTo(BodyLoss.DISK_FULL);
        assertThat(BodyLoss.of(new StagedFileTooLargeException("large"))).isEqualTo(BodyLoss.DISK_FULL);
        assertThat(BodyLoss.of(new UploadOvertakenException(ID))).isEqualTo(BodyLoss.DISPLACED);
        assertThat(BodyLoss.of(new ServerStoppingException(ID))).isEqualTo(BodyLoss.STOPPED);
        assertThat(BodyLoss.of(new IOException("the disk"))).isEqualTo(BodyLoss.FAILED);
    }
}
