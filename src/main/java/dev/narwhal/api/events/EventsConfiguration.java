package dev.narwhal.api.events;

import dev.narwhal.ingest.RunningBodies;
import dev.narwhal.upload.UploadRepository;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {

    /** @param uploads looked up later: the repository tells this listener */
    @Bean
    EventFeed eventFeed(RunningBodies bodies, ObjectProvider<UploadRepository> uploads, MeterRegistry registry) {
        EventFeed feed = new EventFeed(bodies, id -> uploads.getObject().find(id));
        Gauge.builder("narwhal.events.streams", feed, EventFeed::readers)
                .description("Streams of events that clients read now")
                .register(registry);
        return feed;
    }

    @Bean
    @Lazy
    EventsController eventsController(EventFeed feed, UploadRepository uploads, JsonMapper json) {
        return new EventsController(feed, uploads, json);
    }
}
