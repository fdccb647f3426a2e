package dev.narwhal.client;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 500}, {@code 64k}, {@code 10M}, {@code 1.5GB}, {@code 2 MiB}; binary. */
record ByteSize(long bytes) {

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,6})?)\\s*([kmgt]?)(?:i?b)?");
    private static final String UNITS = "kmgt";

    ByteSize {
        if (bytes < 1) {
            throw new IllegalArgumentException("A size is at least one byte, not " + bytes);
        }
    }

    static ByteSize parse(String text) {
        Matcher matcher = FORMAT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size like 500k, 10M or 1G");
        }
        int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
        return new ByteSize((long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power)));
    }
}
