package dev.narwhal.destination.s3;

import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.Md5s;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ETags as S3 makes them: the MD5 of what was put in one piece, or over those of the parts. Other stores make others. */
final class S3Etags {

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private S3Etags() {}

    /** The ETag that S3 gives an object made of these parts; empty when the parts' own ETags are no MD5 sums. */
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

    /** Empty for null: an answer may lack it. */
    static String unquoted(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }
}
