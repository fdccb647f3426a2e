package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.upload.Upload;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Adds the digest of a finished file, if known: {@code Repr-Digest} (RFC 9530, section 3), on HEAD and GET. */
final class ReprDigest {

    static final String HEADER = "Repr-Digest";

    private final UploadDownloads downloads;

    ReprDigest(UploadDownloads downloads) {
        this.downloads = downloads;
    }

    /** Adds the digest of the whole file, even to an answer with a range of it. */
    void addHeader(HttpServletResponse response, Caller caller, @Nullable Upload upload) {
        if (upload != null) {
            downloads.sha256(caller, upload).ifPresent(digits -> response.setHeader(HEADER, value(digits)));
        }
    }

    /** As the other overload, for the current exchange's upload. */
    void addHeader(HttpServletResponse response) {
        TusExchange exchange = TusExchange.current();
        addHeader(response, exchange.caller(), exchange.upload());
    }

    /** Formats a byte sequence of RFC 8941. */
    static String value(String hexadecimal) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hexadecimal)) + ":";
    }
}
