package dev.narwhal.protocol.tus;

import dev.narwhal.download.Download;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.ingest.UploadLookup;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.web.context.request.ServletWebRequest;

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
        Upload upload = lookup.find(id)
                .filter(found -> found.owner().equals(owner))
                .orElseThrow(() -> new TusProblem(TusError.UPLOAD_NOT_FOUND));
        if (!upload.state().isComplete()) {
            throw new TusProblem(TusError.UPLOAD_NOT_FINISHED);
        }
        try (Download download = downloads.open(upload)) {
            send(request, response, download);
        }
    }

    private void send(HttpServletRequest request, HttpServletResponse response, Download download)
            throws IOException, TusProblem {
        FileHeaders headers = FileHeaders.of(download.upload());
        headers.apply(response);
        if (isAnsweredByCondition(request, response, headers)) {
            return;
        }
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

    /** 304 and 412. */
    private static boolean isAnsweredByCondition(
            HttpServletRequest request, HttpServletResponse response, FileHeaders headers) throws TusProblem {
        Instant modified = Objects.requireNonNull(headers.modified());
        boolean answered =
                new ServletWebRequest(request, response).checkNotModified(headers.etag(), modified.toEpochMilli());
        if (answered && response.getStatus() == HttpServletResponse.SC_PRECONDITION_FAILED) {
            throw new TusProblem(TusError.PRECONDITION_FAILED);
        }
        return answered;
    }
}
