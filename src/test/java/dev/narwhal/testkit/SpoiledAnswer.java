package dev.narwhal.testkit;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What becomes of a store's answers, or of a body, on a bad way. */
final class SpoiledAnswer {

    private static final Pattern CHECKSUM =
            Pattern.compile("(?i)(x-amz-checksum-crc32: ?|<checksumcrc32>)()([0-9a-z+/])");
    private static final Pattern PART = Pattern.compile("(?s)<Part>.*?</Part>");
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)(\r\ncontent-length: ?)[0-9]+");
    private static final Pattern CLOSE = Pattern.compile("(?i)\r\nconnection: close");
    private static final Pattern ETAG = Pattern.compile("(?i)(etag: ?|<etag>)((?:&quot;|\"|&#34;)?)([0-9a-f])");

    private SpoiledAnswer() {}

    static byte[] withOtherEtags(byte[] answer) {
        return withOther(ETAG, answer);
    }

    static byte[] withOtherChecksums(byte[] answer) {
        return withOther(CHECKSUM, answer);
    }

    private static byte[] withOther(Pattern digest, byte[] answer) {
        return latin1(digest.matcher(latin1(answer))
                .replaceAll(found ->
                        found.group(1) + found.group(2) + (found.group(3).equals("0") ? "1" : "0")));
    }

    static byte[] withoutAPart(byte[] answer) {
        String text = PART.matcher(latin1(answer)).replaceFirst("");
        int body = text.indexOf("\r\n\r\n") + 4;
        return latin1(CONTENT_LENGTH.matcher(text).replaceFirst("$1" + (text.length() - body)));
    }

    /** As from a server that would answer another request on this connection. */
    static byte[] kept(byte[] answer) {
        return latin1(CLOSE.matcher(latin1(answer)).replaceFirst(""));
    }

    static byte[] damaged(byte[] body) {
        byte[] damaged = body.clone();
        if (damaged.length > 0) {
            damaged[damaged.length / 2] ^= 1;
        }
        return damaged;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
