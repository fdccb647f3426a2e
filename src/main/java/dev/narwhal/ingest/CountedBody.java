package dev.narwhal.ingest;

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
    public long announcedBytes() {
        return body.announcedBytes();
    }
}
