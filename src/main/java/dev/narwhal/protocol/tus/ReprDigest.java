package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.upload.Upload;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The digest of a finished file, where it is known: {@code Repr-Digest} (RFC 9530, section 3), on HEAD and on GET. */
final class ReprDigest {

    static final String HEADER = "Repr-Digest";

    private final UploadDownloads downloads;

    ReprDigest(UploadDownloads downloads) {
        this.downloads = downloads;
    }

    /** Of the whole file, also for an answer that has a part of it. */
    void tell(HttpServletResponse response, Caller caller, @Nullable Upload upload) {
        if (upload != null) {
            downloads.sha256(caller, upload).ifPresent(digits -> response.setHeader(HEADER, value(digits)));
        }
    }

    /** The same for the upload of the exchange that is going on. */
    void tell(HttpServletResponse response) {
        TusExchange exchange = TusExchange.current();
        tell(response, exchange.caller(), exchange.upload());
    }

    /** A byte sequence of RFC 8941. */
    static String value(String hexadecimal) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hexadecimal)) + ":";
    }
}
