package dev.narwhal.destination;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.s3.S3Client;

/** The destinations that the settings name; for the default one the application may bring its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DestinationProperties.class, NamedDestinationsProperties.class})
public class DestinationConfiguration {

    private static final Logger log = LoggerFactory.getLogger(DestinationConfiguration.class);

    private static final String MAIN = "narwhal.destination";

    /** Beside the parts in flight: looks, creations, completions. */
    private static final int CONNECTIONS_BESIDE_PARTS = 64;

    private static final int DOWNLOAD_CONNECTIONS = 1024;

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
        try {
            return make(settings, budget, markers);
        } catch (IllegalStateException e) {
            // What makes them knows one name of their settings only.
            throw new IllegalStateException(String.valueOf(e.getMessage()).replace(MAIN + ".", prefix + "."), e);
        }
    }

    private static Destination make(DestinationProperties settings, PartBudget budget, Optional<RootMarkers> markers) {
        return switch (settings.type()) {
            case DIRECTORY -> directory(settings.directory(), markers);
            case S3 -> s3(settings.s3(), budget);
            case AZURE -> AzureClients.destination(settings.azure(), budget);
        };
    }

    private static Destination directory(DestinationProperties.Directory settings, Optional<RootMarkers> markers) {
        Path path = settings.path();
        if (path == null) {
            throw new IllegalStateException(MAIN + ".directory.path is not set");
        }
        if (!DirectoryTree.canNameAnyFile()) {
            log.warn(
                    "destination.locale In this locale files cannot have names outside ASCII, which become '_': start with LC_ALL=C.UTF-8");
        }
        try {
            return new DirectoryDestination(
                    new DirectoryRoot(path, markers), settings.reserve().toBytes());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The directory '" + path.toAbsolutePath()
                            + "' (" + MAIN + ".directory.path) cannot be made: "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    private static Destination s3(S3Properties settings, PartBudget budget) {
        String bucket = settings.bucket();
        if (bucket == null) {
            throw new IllegalStateException(MAIN + ".s3.bucket is not set");
        }
        S3Client writer = S3Clients.writer(settings, budget.partsInFlight() + CONNECTIONS_BESIDE_PARTS);
        S3Clients.requireBucket(writer, settings, bucket);
        return new S3Destination(writer, S3Clients.reader(settings, DOWNLOAD_CONNECTIONS), bucket, settings, budget);
    }
}
