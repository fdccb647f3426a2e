package dev.narwhal.doctor;

import dev.narwhal.startup.InspectedSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Looks at everything, in the order in which a start would need it; what one check finds does not keep the others from it. */
final class Doctor {

    private final Clock clock;

    Doctor(Clock clock) {
        this.clock = clock;
    }

    /** @param arguments the settings, as for the server */
    List<Finding> examine(String... arguments) {
        InspectedSettings settings;
        try {
            settings = InspectedSettings.read(arguments);
        } catch (RuntimeException e) {
            return List.of(Finding.fail("settings", InspectedSettings.explainUnread(e), SettingsCheck.REMEDY));
        }
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks(settings)) {
            findings.addAll(run(check, settings));
        }
        return findings;
    }

    private List<Check> checks(InspectedSettings settings) {
        return List.of(
                new SettingsCheck(settings),
                new DiskCheck(settings),
                new DescriptorCheck(settings),
                new DatabaseCheck(settings),
                new DestinationCheck(settings),
                new StoreClockCheck(settings, clock));
    }

    /** A defect of a check is a finding and no stack trace. */
    private static List<Finding> run(Check check, InspectedSettings settings) {
        try {
            return check.look();
        } catch (RuntimeException e) {
            return List.of(
                    Finding.fail(
                            check.getClass().getSimpleName(),
                            settings.explain(e),
                            "Mend what is said there; if that is nothing of yours, it is a defect of Narwhal: please report it."));
        }
    }

    /** One thing that a server needs. */
    interface Check {

        /** In the order in which they were made; none when there is nothing of the kind to look at. */
        List<Finding> look();
    }
}
