package dev.narwhal.protocol.tus;

import dev.narwhal.download.Download;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.ingest.UploadExpiredException;
import dev.narwhal.ingest.UploadLookup;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** GET of a finished upload's URL: whole, ranges, conditional (RFC 9110, sections 13 and 14). */
final class DownloadResponder {

    private final UploadLookup lookup;
    private final UploadDownloads downloads;
    private final boolean enabled;

    DownloadResponder(UploadLookup lookup, UploadDownloads downloads, boolean enabled) {
        this.lookup = lookup;
        this.downloads = downloads;
        this.enabled = enabled;
    }

    void respond(HttpServletRequest request, HttpServletResponse response, UploadId id, String owner)
            throws IOException, TusProblem {
        if (!enabled) {
            throw new TusProblem(TusError.DOWNLOAD_DISABLED);
        }
        Upload upload = find(id, owner);
        if (!upload.state().isComplete()) {
            throw new TusProblem(TusError.UPLOAD_NOT_FINISHED);
        }
        try (Download download = downloads.open(upload)) {
            send(request, response, download);
        }
    }

    private Upload find(UploadId id, String owner) throws TusProblem {
        try {
            return lookup.find(id)
                    .filter(found -> found.owner().equals(owner))
                    .orElseThrow(() -> new TusProblem(TusError.UPLOAD_NOT_FOUND));
        } catch (UploadExpiredException e) {
            throw ErrorMapper.expired(e, owner);
        }
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, Download download)
            throws IOException, TusProblem {
        FileHeaders headers = FileHeaders.of(download.upload());
        headers.apply(response);
        boolean sent = false;
        try {
            switch (Precondition.of(request, headers.etag(), headers.modified())) {
                case NOT_MODIFIED -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                case FAILED -> throw new TusProblem(TusError.PRECONDITION_FAILED);
                case HOLDS -> sendContent(request, response, download, headers);
            }
            sent = true;
        } finally {
            if (!sent) {
                FileHeaders.withdraw(response);
            }
        }
    }

    private static void sendContent(
            HttpServletRequest request, HttpServletResponse response, Download download, FileHeaders headers)
            throws IOException, TusProblem {
        long length = download.length();
        List<ByteRange> ranges = ByteRange.requested(request, headers.etag(), headers.modified(), length);
        if (ranges.isEmpty()) {
            response.setContentLengthLong(length);
            download.transfer(0, length, response.getOutputStream());
            return;
        }
        response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        if (ranges.size() == 1) {
            sendOne(response, download, ranges.getFirst());
        } else {
            new MultipartRanges(headers.contentType(), ranges, length).send(response, download);
        }
    }

    private static void sendOne(HttpServletResponse response, Download download, ByteRange range) throws IOException {
        response.setHeader("Content-Range", range.contentRange(download.length()));
        response.setContentLengthLong(range.length());
        download.transfer(range.first(), range.length(), response.getOutputStream());
    }
}
