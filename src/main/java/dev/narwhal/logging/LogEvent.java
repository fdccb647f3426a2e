package dev.narwhal.logging;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of one of our own lines: {@code delivery.delivered upload=0123… destination=…}. Parses only the
 * beginning, which no client can influence: the rest may contain names of files.
 * @param name stable, listed in {@code docs/logging.md}
 * @param upload null if the line is not about an upload
 */
record LogEvent(String name, @Nullable String upload) {

    private static final String OURS = "dev.narwhal";

    private static final Pattern BEGINNING =
            Pattern.compile("([a-z]+(?:\\.[a-z][a-z0-9-]*)+)(?: upload=([0-9a-f]{32})(?![0-9a-f]))?(?= |$)");

    /** Empty for the lines of libraries. */
    static Optional<LogEvent> of(String logger, String message) {
        Matcher matcher = BEGINNING.matcher(message);
        return logger.startsWith(OURS) && matcher.lookingAt()
                ? Optional.of(new LogEvent(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }
}
