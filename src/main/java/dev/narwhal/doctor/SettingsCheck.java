package dev.narwhal.doctor;

import dev.narwhal.delivery.DeliveryConfiguration;
import dev.narwhal.delivery.DeliveryProperties;
import dev.narwhal.destination.settings.DestinationProperties;
import dev.narwhal.destination.settings.NamedDestinationsProperties;
import dev.narwhal.startup.InspectedSettings;
import java.util.ArrayList;
import java.util.List;

/** Checks all settings by the rules of a start. */
final class SettingsCheck implements Doctor.Check {

    static final String REMEDY = "Correct it on the command line, in the environment or in application.yaml;"
            + " docs/configuration.md says what is allowed.";

    private static final String NAME = "settings";

    private final InspectedSettings settings;

    SettingsCheck(InspectedSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Finding> findings() {
        List<String> problems = new ArrayList<>(settings.problems());
        checkTogether(problems);
        return problems.isEmpty()
                ? List.of(Finding.ok(NAME, "all are known and allowed"))
                : problems.stream()
                        .map(problem -> Finding.fail(NAME, problem, REMEDY))
                        .toList();
    }

    /** Values that are allowed separately may not fit together. */
    private void checkTogether(List<String> problems) {
        var main = settings.bind(DestinationProperties.class);
        var named = settings.bind(NamedDestinationsProperties.class);
        var delivery = settings.bind(DeliveryProperties.class);
        if (main.isEmpty() || named.isEmpty() || delivery.isEmpty()) {
            return;
        }
        try {
            DeliveryConfiguration.requireSound(main.get(), named.get(), delivery.get());
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }
}
