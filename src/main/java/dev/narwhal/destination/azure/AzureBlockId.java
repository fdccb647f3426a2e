package dev.narwhal.destination.azure;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name under which a part waits at Azure for its commit: which upload's, which part, and the MD5 of its bytes.
 *
 * <p>The blocks of a blob that is not there yet belong to nobody: whoever writes to that name shares them, and whoever commits
 * first takes what it lists and throws all others away. So a block must say by its name alone what it is:
 * <ul>
 *   <li>The upload's id keeps two uploads apart that are delivered to one key: neither can take a block of the other's for its
 *       own, nor replace it.
 *   <li>Nothing in it is an attempt's: two attempts of one upload that overlap (the first was believed dead) send the same
 *       bytes under the same name, because an upload's bytes and its plan never change. Whichever block comes last, it is the
 *       right one, and the later attempt uses what the earlier one has sent.
 *   <li>The MD5 was compared by the store as the block came in. A name in a list of blocks, also of committed ones, is therefore
 *       the proof of its bytes.
 * </ul>
 *
 * <p>Azure wants all ids of a blob to have one length, and at most 64 bytes before base64: these have 61, all printable.
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

    /** As the store knows it. */
    String encoded() {
        return Base64.getEncoder().encodeToString(name(uploadId, number, md5).getBytes(StandardCharsets.US_ASCII));
    }

    byte[] digest() {
        return Base64.getUrlDecoder().decode(md5);
    }

    /** Empty for a block that somebody else has named. */
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
