package dev.narwhal.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Gives lines that are written as JSON ({@code logging.structured.format.console}) the fields {@code event.action} and
 * {@code upload.id}, by the names of the Elastic Common Schema. They are read from the line itself, so that there is no second
 * way to log. Named in {@code application.yaml}.
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
