package dev.narwhal.testkit;

import dev.narwhal.staging.StagedAppend;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.UploadId;
import java.io.IOException;

/** The real staging, of which a test changes what it wants to go wrong. */
public abstract class ForwardingStaging implements StagingStore {

    protected final StagingStore real;

    protected ForwardingStaging(StagingStore real) {
        this.real = real;
    }

    @Override
    public String volume() {
        return real.volume();
    }

    @Override
    public boolean holds(String volume) {
        return real.holds(volume);
    }

    @Override
    public void admit(UploadId id, long expectedBytes) throws IOException {
        real.admit(id, expectedBytes);
    }

    @Override
    public boolean isLonger(UploadId id, long offset) throws IOException {
        return real.isLonger(id, offset);
    }

    @Override
    public StagedAppend append(UploadId id, long offset, long expectedBytes) throws IOException {
        return real.append(id, offset, expectedBytes);
    }

    @Override
    public StagedContent read(UploadId id, long length) throws IOException {
        return real.read(id, length);
    }

    @Override
    public void delete(UploadId id) throws IOException {
        real.delete(id);
    }
}
