package dev.narwhal.doctor;

import dev.narwhal.destination.settings.DestinationProperties;
import dev.narwhal.destination.settings.NamedDestinationsProperties;
import dev.narwhal.startup.InspectedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The settings of one destination.
 *
 * @param check the name in its findings
 * @param prefix of its settings
 */
record NamedSettings(String check, String prefix, DestinationProperties settings) {

    /**
     * The default destination first, the others by name; without those whose settings are wrong, which another check
     * reports.
     */
    static List<NamedSettings> all(InspectedSettings settings) {
        List<NamedSettings> all = new ArrayList<>();
        settings.bind(DestinationProperties.class)
                .ifPresent(main -> all.add(new NamedSettings("destination", "narwhal.destination", main)));
        settings.bind(NamedDestinationsProperties.class)
                .ifPresent(named -> new TreeMap<>(named.destinations())
                        .forEach((name, one) -> all.add(
                                new NamedSettings("destination " + name, "narwhal.destinations." + name, one))));
        return all;
    }
}
