package dev.narwhal.destination.settings;

import dev.narwhal.destination.Destination;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.azure.AzureDestination;
import dev.narwhal.destination.directory.DirectoryDestination;
import dev.narwhal.destination.directory.RootMarkers;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.s3.S3Destination;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the destinations of the settings. An application may replace the default destination by its own bean. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DestinationProperties.class, NamedDestinationsProperties.class})
public class DestinationConfiguration {

    private static final String MAIN = "narwhal.destination";

    @Bean
    @ConditionalOnMissingBean(Destination.class)
    Destination destination(DestinationProperties settings, PartBudget budget, RootMarkers markers) {
        return create(MAIN, settings, budget, Optional.of(markers));
    }

    @Bean
    Destinations destinations(
            Destination main, NamedDestinationsProperties named, PartBudget budget, RootMarkers markers) {
        Map<String, Destination> byName = new HashMap<>();
        byName.put(Destinations.DEFAULT, main);
        named.destinations()
                .forEach((name, settings) -> byName.put(
                        name, create("narwhal.destinations." + name, settings, budget, Optional.of(markers))));
        return new Destinations(byName);
    }

    /**
     * Creates a destination from its settings, for a check: it neither creates nor checks the marker of a directory.
     *
     * @param prefix of the settings, for messages
     * @throws IllegalStateException with a sentence, when the settings are certainly wrong. A store that does not respond is
     *     no error
     */
    public static Destination make(String prefix, DestinationProperties settings, PartBudget budget) {
        return create(prefix, settings, budget, Optional.empty());
    }

    private static Destination create(
            String prefix, DestinationProperties settings, PartBudget budget, Optional<RootMarkers> markers) {
        return switch (settings.type()) {
            case DIRECTORY -> DirectoryDestination.open(prefix + ".directory", settings.directory(), markers);
            case S3 -> S3Destination.open(prefix + ".s3", settings.s3(), budget);
            case AZURE -> AzureDestination.open(prefix + ".azure", settings.azure(), budget);
        };
    }
}
