package dev.narwhal.startup;

import dev.narwhal.destination.Destinations;
import dev.narwhal.protocol.tus.TusProperties;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that the whole server shares, and the ready line. */
@Configuration(proxyBeanMethods = false)
public class StartupConfiguration {

    /** The only source of the time of day; tests replace it. */
    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return new SteadyClock(Clock.systemUTC(), System::nanoTime);
    }

    /** No bean where the JVM's heap is somebody's choice. */
    @Bean
    @Nullable
    HeapKeeper heapKeeper() {
        return HeapKeeper.startIfUseful();
    }

    @Bean
    UnknownHealthPaths unknownHealthPaths() {
        return new UnknownHealthPaths();
    }

    /** In an IDE there is no build information, and so no version. */
    @Bean
    ReadyLine readyLine(ObjectProvider<BuildProperties> build, TusProperties tus, Destinations destinations) {
        BuildProperties built = build.getIfAvailable();
        String version = built == null ? null : built.getVersion();
        return new ReadyLine(version == null ? "(development)" : version, tus, destinations.describe());
    }
}
