package dev.narwhal.destination.s3;

import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.Md5s;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ETags in S3's form: the MD5 of an object from PutObject, or the MD5 over the parts' MD5s. Other stores use other ETags. */
final class S3Etags {

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private S3Etags() {}

    /** The ETag that S3 gives to an object of these parts; empty when the parts' own ETags are no MD5s. */
    static Optional<String> multipart(List<SentPart> parts) {
        MessageDigest md5 = Md5s.md5();
        for (SentPart part : parts) {
            String etag = unquoted(part.tag());
            if (!MD5.matcher(etag).matches()) {
                return Optional.empty();
            }
            md5.update(HexFormat.of().parseHex(etag));
        }
        return Optional.of(HexFormat.of().formatHex(md5.digest()) + "-" + parts.size());
    }

    /** The ETag without quotes; empty for null, because a response may lack it. */
    static String unquoted(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }
}
