package dev.narwhal.logging;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the beginning of one of our own lines says: {@code delivery.delivered upload=0123… destination=…}. Only the beginning is
 * read, which no client has a say in: what follows may have names of files in it.
 *
 * @param name stable, listed in {@code docs/logging.md}
 * @param upload null where the line is about no upload
 */
record LogEvent(String name, @Nullable String upload) {

    private static final String OURS = "dev.narwhal";

    private static final Pattern BEGINNING =
            Pattern.compile("([a-z]+(?:\\.[a-z][a-z0-9-]*)+)(?: upload=([0-9a-f]{32})(?![0-9a-f]))?(?= |$)");

    /** Empty for the lines of others. */
    static Optional<LogEvent> of(String logger, String message) {
        Matcher matcher = BEGINNING.matcher(message);
        return logger.startsWith(OURS) && matcher.lookingAt()
                ? Optional.of(new LogEvent(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }
}
