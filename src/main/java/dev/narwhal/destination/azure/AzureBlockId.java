package dev.narwhal.destination.azure;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of the block that holds a part: the upload's id, the part's number, and the MD5 of its bytes.
 *
 * <p>Azure keeps uncommitted blocks by the key of their blob. All writers to a key share them. The first commit takes the blocks
 * that it lists, and deletes all others. So the id alone must identify a block:
 * <ul>
 *   <li>The upload's id distinguishes the blocks of two uploads with the same key. Neither upload can use or replace a block of
 *       the other.
 *   <li>The id does not depend on the attempt. Two attempts of one upload may overlap when the server took the first one for
 *       dead. They send the same bytes under the same id, because the bytes of an upload and its plan never change. So either
 *       block is right, and the later attempt uses the blocks of the earlier one.
 *   <li>Azure verified the MD5 when it received the block. So an id in a list of blocks, also of committed ones, proves the
 *       bytes of its block.
 * </ul>
 *
 * <p>Azure requires all block ids of a blob to have the same length, and at most 64 bytes before base64. These have 61 bytes, all
 * printable.
 *
 * @param uploadId 32 hexadecimal digits
 * @param number of the part, from 1
 * @param md5 16 bytes as 22 characters of URL-safe base64
 */
record AzureBlockId(String uploadId, int number, String md5) {

    private static final Pattern NAME = Pattern.compile("([0-9a-f]{32})\\.([0-9]{5})\\.([0-9A-Za-z_-]{22})");

    AzureBlockId {
        if (!NAME.matcher(name(uploadId, number, md5)).matches()) {
            throw new IllegalArgumentException("No block can be called " + name(uploadId, number, md5));
        }
    }

    static AzureBlockId of(String uploadId, int number, byte[] md5) {
        return new AzureBlockId(
                uploadId, number, Base64.getUrlEncoder().withoutPadding().encodeToString(md5));
    }

    private static String name(String uploadId, int number, String md5) {
        return String.format(Locale.ROOT, "%s.%05d.%s", uploadId, number, md5);
    }

    /** The id in base64, as Azure stores it. */
    String encoded() {
        return Base64.getEncoder().encodeToString(name(uploadId, number, md5).getBytes(StandardCharsets.US_ASCII));
    }

    byte[] digest() {
        return Base64.getUrlDecoder().decode(md5);
    }

    /** Empty for a block of another program. */
    static Optional<AzureBlockId> parse(String encoded) {
        String name;
        try {
            name = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new AzureBlockId(matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }
}
