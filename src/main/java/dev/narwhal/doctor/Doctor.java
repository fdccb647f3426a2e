package dev.narwhal.doctor;

import dev.narwhal.startup.InspectedSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Runs all checks in the order of a start; a failed check does not stop the others. */
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

    /** Reports a defect of a check as a finding, without a stack trace. */
    private static List<Finding> run(Check check, InspectedSettings settings) {
        try {
            return check.findings();
        } catch (RuntimeException e) {
            return List.of(
                    Finding.fail(
                            check.getClass().getSimpleName(),
                            settings.explain(e),
                            "Mend what is said there; if that is nothing of yours, it is a defect of Narwhal: please report it."));
        }
    }

    /** Checks one requirement of a server. */
    interface Check {

        /** The findings in order; none when the check does not apply. */
        List<Finding> findings();
    }
}
