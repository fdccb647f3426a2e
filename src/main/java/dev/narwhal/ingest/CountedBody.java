package dev.narwhal.ingest;

import dev.narwhal.access.limits.Pace;
import java.nio.ByteBuffer;

/** A body that counts its bytes as they are read. */
record CountedBody(ChunkSource body, BodyMeter meter) implements ChunkSource {

    @Override
    public int read(ByteBuffer target) throws BodyInterruptedException {
        int read = body.read(target);
        if (read > 0) {
            meter.received(read);
        }
        return read;
    }

    @Override
    public Pace pace() {
        return body.pace();
    }

    @Override
    public long announcedBytes() {
        return body.announcedBytes();
    }
}
