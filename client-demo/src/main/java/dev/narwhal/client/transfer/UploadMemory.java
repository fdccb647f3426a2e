package dev.narwhal.client.transfer;

import dev.narwhal.client.resume.RememberedUploads;
import dev.narwhal.client.resume.UploadKey;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** The upload of one file across processes. A memory that fails costs the resume after a stop, never the upload. */
public final class UploadMemory {

    private final Optional<RememberedUploads> uploads;
    private final UploadKey key;
    private final Consumer<String> complaints;
    private volatile boolean remembered;

    /** @param uploads empty when nothing shall be remembered */
    public UploadMemory(Optional<RememberedUploads> uploads, UploadKey key, Consumer<String> complaints) {
        this.uploads = uploads;
        this.key = key;
        this.complaints = complaints;
    }

    /** The next process would find the upload. */
    public boolean hasUpload() {
        return remembered;
    }

    Optional<URI> find() {
        try {
            Optional<URI> found = uploads.isPresent() ? uploads.get().find(key) : Optional.empty();
            remembered = found.isPresent();
            return found;
        } catch (IOException unreadable) {
            complaints.accept("what earlier runs left cannot be read (" + unreadable + ")");
            return Optional.empty();
        }
    }

    void remember(URI url) {
        if (uploads.isPresent()) {
            try {
                uploads.get().remember(key, url);
                remembered = true;
            } catch (IOException unwritable) {
                complaints.accept("cannot be resumed after a stop: its URL was not saved (" + unwritable + ")");
            }
        }
    }

    void forget() {
        if (uploads.isPresent()) {
            try {
                uploads.get().forget(key);
                remembered = false;
            } catch (IOException unwritable) {
                complaints.accept("the saved URL was not removed (" + unwritable + ")");
            }
        }
    }
}
