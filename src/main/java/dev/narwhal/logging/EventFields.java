package dev.narwhal.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Adds the fields {@code event.action} and {@code upload.id} of the Elastic Common Schema to JSON lines ({@code
 * logging.structured.format.console}). It parses them from the line itself, so that there is only one way to log.
 * {@code application.yaml} names this class.
 */
public final class EventFields implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {

    @Override
    public void customize(Members<ILoggingEvent> members) {
        members.add("event", EventFields::name)
                .whenNotNull()
                .usingMembers(event -> event.add("action", String::toString));
        members.add("upload", EventFields::upload)
                .whenNotNull()
                .usingMembers(upload -> upload.add("id", String::toString));
    }

    private static @Nullable String name(ILoggingEvent line) {
        return LogEvent.of(line.getLoggerName(), line.getFormattedMessage())
                .map(LogEvent::name)
                .orElse(null);
    }

    private static @Nullable String upload(ILoggingEvent line) {
        return LogEvent.of(line.getLoggerName(), line.getFormattedMessage())
                .map(LogEvent::upload)
                .orElse(null);
    }
}
