package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.download.Download;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.http.FileAnswer;
import dev.narwhal.http.FileHeaders;
import dev.narwhal.http.HttpProblem;
import dev.narwhal.ingest.UploadExpiredException;
import dev.narwhal.ingest.UploadLookup;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;

/** Answers GET of a finished upload: whole, ranges, conditional (RFC 9110, sections 13 and 14). */
final class DownloadResponder {

    private final UploadLookup lookup;
    private final UploadDownloads downloads;
    private final ReprDigest digest;
    private final boolean enabled;

    DownloadResponder(UploadLookup lookup, UploadDownloads downloads, boolean enabled) {
        this.lookup = lookup;
        this.downloads = downloads;
        this.digest = new ReprDigest(downloads);
        this.enabled = enabled;
    }

    void respond(HttpServletRequest request, HttpServletResponse response, UploadId id, Caller caller)
            throws IOException, TusProblem {
        if (!enabled) {
            throw new TusProblem(TusError.DOWNLOAD_DISABLED);
        }
        Upload upload = find(id, caller);
        if (!upload.state().isComplete()) {
            throw new TusProblem(TusError.UPLOAD_NOT_FINISHED);
        }
        Instant finished = upload.finishedAt() == null ? upload.updatedAt() : upload.finishedAt();
        FileHeaders headers = FileHeaders.of(upload.id().value(), finished, upload.contentType(), upload.filename());
        try {
            new FileAnswer(headers, () -> open(caller, upload, response)).send(request, response);
        } catch (HttpProblem e) {
            throw new TusProblem(e.problem());
        }
    }

    private FileAnswer.Content open(Caller caller, Upload upload, HttpServletResponse response) throws IOException {
        Download download = downloads.open(caller, upload);
        digest.addHeader(response, caller, upload);
        return new Opened(download);
    }

    private Upload find(UploadId id, Caller caller) throws TusProblem {
        try {
            return lookup.find(caller, id).orElseThrow(() -> new TusProblem(TusError.UPLOAD_NOT_FOUND));
        } catch (UploadExpiredException e) {
            throw new TusProblem(TusError.UPLOAD_EXPIRED);
        }
    }

    private record Opened(Download download) implements FileAnswer.Content {

        @Override
        public long length() {
            return download.length();
        }

        @Override
        public void transfer(long position, long count, OutputStream target) throws IOException {
            download.transfer(position, count, target);
        }

        @Override
        public boolean isFile() {
            return download.isFile();
        }

        @Override
        public long sendNow(long position, long count, WritableByteChannel connection) throws IOException {
            return download.sendNow(position, count, connection);
        }

        @Override
        public void close() throws IOException {
            download.close();
        }
    }
}
