package dev.narwhal.access;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API key as its holder has it: {@code nwl_<id>_<secret>}. The prefix lets scanners of source code find a key that was
 * committed by mistake.
 *
 * @param id names the key; no secret
 * @param secret 256 random bits as 64 hexadecimal digits
 */
record KeyText(String id, String secret) {

    private static final String PREFIX = "nwl_";
    private static final int ID_BYTES = 6;
    private static final Pattern FORM = Pattern.compile("nwl_([0-9a-f]{12})_([0-9a-f]{64})");

    static KeyText create() {
        return new KeyText(Secret.hex(ID_BYTES), Secret.create());
    }

    /** True for what can only be meant as an API key. */
    static boolean isMeant(String token) {
        return token.startsWith(PREFIX);
    }

    static Optional<KeyText> parse(String token) {
        Matcher matcher = FORM.matcher(token);
        return matcher.matches() ? Optional.of(new KeyText(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    String hash() {
        return Secret.hash(secret);
    }

    String text() {
        return PREFIX + id + "_" + secret;
    }

    @Override
    public String toString() {
        return PREFIX + id + "_…";
    }
}
