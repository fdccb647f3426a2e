package dev.narwhal.ingest;

import dev.narwhal.staging.StagedAppend;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.testkit.ForwardingStaging;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;

/** Real staging, but each flush of a body waits while a test lets it hang. */
final class HangingStaging extends ForwardingStaging {

    private final Phaser hang = new Phaser(1);
    private volatile boolean hanging;
    private volatile @Nullable String failure;

    HangingStaging(StagingStore real) {
        super(real);
    }

    void hang() {
        hanging = true;
    }

    void goOn() {
        hanging = false;
        hang.arrive();
    }

    /** The syncs beside a reader fail. */
    void failSyncs(String message) {
        failure = message;
    }

    private void awaitDisk() {
        int phase = hang.getPhase();
        if (hanging) {
            hang.awaitAdvance(phase);
        }
    }

    @Override
    public StagedAppend append(UploadId id, long offset, long expectedBytes) throws IOException {
        return new Append(real.append(id, offset, expectedBytes));
    }

    private final class Append implements StagedAppend {

        private final StagedAppend body;

        Append(StagedAppend body) {
            this.body = body;
        }

        @Override
        public ByteBuffer buffer() throws IOException {
            return body.buffer();
        }

        @Override
        public void received(int bytes) throws IOException {
            body.received(bytes);
        }

        @Override
        public long position() {
            return body.position();
        }

        @Override
        public long flush() throws IOException {
            awaitDisk();
            return body.flush();
        }

        @Override
        public void startSync() throws IOException {
            if (failure != null) {
                throw new IOException(failure);
            }
            body.startSync();
        }

        @Override
        public long durable() {
            return body.durable();
        }

        @Override
        public void discard() throws IOException {
            awaitDisk();
            body.discard();
        }

        @Override
        public void close() {
            body.close();
        }
    }
}
