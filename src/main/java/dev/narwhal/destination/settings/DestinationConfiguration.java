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

/** The destinations that the settings name; for the default one the application may bring its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DestinationProperties.class, NamedDestinationsProperties.class})
public class DestinationConfiguration {

    private static final String MAIN = "narwhal.destination";

    @Bean
    @ConditionalOnMissingBean(Destination.class)
    Destination destination(DestinationProperties settings, PartBudget budget, RootMarkers markers) {
        return make(MAIN, settings, budget, Optional.of(markers));
    }

    @Bean
    Destinations destinations(
            Destination main, NamedDestinationsProperties named, PartBudget budget, RootMarkers markers) {
        Map<String, Destination> byName = new HashMap<>();
        byName.put(Destinations.DEFAULT, main);
        named.destinations()
                .forEach((name, settings) ->
                        byName.put(name, make("narwhal.destinations." + name, settings, budget, Optional.of(markers))));
        return new Destinations(byName);
    }

    /**
     * A destination as its settings describe it, for a look at it: a directory is taken as it is found, and gets no marker.
     *
     * @param prefix of the settings, for messages
     * @throws IllegalStateException with a sentence, when it is surely wrong; one that cannot be reached is made
     */
    public static Destination make(String prefix, DestinationProperties settings, PartBudget budget) {
        return make(prefix, settings, budget, Optional.empty());
    }

    private static Destination make(
            String prefix, DestinationProperties settings, PartBudget budget, Optional<RootMarkers> markers) {
        return switch (settings.type()) {
            case DIRECTORY -> DirectoryDestination.open(prefix + ".directory", settings.directory(), markers);
            case S3 -> S3Destination.open(prefix + ".s3", settings.s3(), budget);
            case AZURE -> AzureDestination.open(prefix + ".azure", settings.azure(), budget);
        };
    }
}
