package dev.narwhal.destination.settings;

import dev.narwhal.destination.Destinations;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Further destinations of finished files.
 *
 * @param destinations further destinations by name, each with the settings of {@code narwhal.destination};
 *     {@code narwhal.delivery.rules} selects the uploads that go there
 */
@ConfigurationProperties("narwhal")
public record NamedDestinationsProperties(@DefaultValue Map<String, DestinationProperties> destinations) {

    public NamedDestinationsProperties {
        destinations = Map.copyOf(destinations);
        for (String name : destinations.keySet()) {
            if (name.equals(Destinations.DEFAULT) || !name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
                throw new IllegalArgumentException(
                        "narwhal.destinations." + name + " is no name for a destination: it must be"
                                + " 1 to 64 lower-case letters, digits and dashes, and not '" + Destinations.DEFAULT
                                + "', which is narwhal.destination itself");
            }
        }
    }
}
