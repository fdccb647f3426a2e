package dev.narwhal.doctor;

import dev.narwhal.destination.Destination;
import dev.narwhal.destination.azure.AzureProperties;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.s3.S3Properties;
import dev.narwhal.destination.settings.DestinationConfiguration;
import dev.narwhal.destination.settings.DestinationProperties;
import dev.narwhal.destination.settings.DestinationProperties.Type;
import dev.narwhal.startup.InspectedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.MapPropertySource;

/** Delivers a small object to each destination, as the server would, reads it back and removes it. */
final class DestinationCheck implements Doctor.Check {

    private static final Logger LOG = LoggerFactory.getLogger(DestinationCheck.class);

    private static final String CREATE_BUCKET = ".s3.create-bucket";
    private static final String CREATE_CONTAINER = ".azure.create-container";
    private static final String REMEDY = "Make what is missing, or correct the settings that are named:"
            + " docs/destinations.md says what each kind needs.";

    private final InspectedSettings settings;

    DestinationCheck(InspectedSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Finding> findings() {
        List<NamedSettings> wanted = NamedSettings.all(settings);
        disableCreation(wanted);
        Map<String, NamedSettings> harmless = new HashMap<>();
        NamedSettings.all(settings).forEach(one -> harmless.put(one.prefix(), one));
        return wanted.stream()
                .flatMap(one -> look(one, harmless.getOrDefault(one.prefix(), one)).stream())
                .toList();
    }

    /** Changes the settings so that neither a bucket nor a container is created. */
    private void disableCreation(List<NamedSettings> destinations) {
        Map<String, Object> without = new HashMap<>();
        destinations.forEach(one -> {
            without.put(one.prefix() + CREATE_BUCKET, false);
            without.put(one.prefix() + CREATE_CONTAINER, false);
        });
        settings.environment().getPropertySources().addFirst(new MapPropertySource("makes nothing", without));
    }

    private List<Finding> look(NamedSettings wanted, NamedSettings harmless) {
        String keys = fixedPart(wanted.settings().keyTemplate());
        List<Path> missing = missing(wanted.settings(), keys);
        try (PartBudget budget = new PartBudget(1);
                Destination destination = DestinationConfiguration.make(wanted.prefix(), harmless.settings(), budget)) {
            return new DestinationProbe(wanted.check(), destination, keys).findings();
        } catch (Exception e) {
            return List.of(unusable(wanted, settings.explain(e)));
        } finally {
            missing.forEach(DestinationCheck::removeIfEmpty);
        }
    }

    private static Finding unusable(NamedSettings wanted, String sentence) {
        S3Properties s3 = wanted.settings().s3();
        AzureProperties azure = wanted.settings().azure();
        if (s3.createBucket() && sentence.contains(CREATE_BUCKET)) {
            return notYet(wanted, "bucket '" + s3.bucket() + "'");
        }
        if (azure.createContainer() && sentence.contains(CREATE_CONTAINER)) {
            return notYet(wanted, "container '" + azure.container() + "'");
        }
        return Finding.fail(wanted.check(), sentence, REMEDY);
    }

    private static Finding notYet(NamedSettings wanted, String what) {
        return Finding.warn(
                wanted.check(),
                "there is no " + what + " yet: the first start makes it, not the doctor",
                "Nothing has to be done; start the server once, then let the doctor look again.");
    }

    /** The common prefix of all keys: often the only place where the server may write. Empty, or ends with a slash. */
    static String fixedPart(String template) {
        int end = template.indexOf('{');
        return template.substring(0, template.substring(0, Math.max(0, end)).lastIndexOf('/') + 1);
    }

    /** The missing directories of the path, the deepest first: the check removes them again. */
    private static List<Path> missing(DestinationProperties destination, String keys) {
        List<Path> missing = new ArrayList<>();
        Path path = destination.directory().path();
        if (destination.type() == Type.DIRECTORY && path != null) {
            Path deepest = path.toAbsolutePath().normalize().resolve(keys);
            for (Path at = deepest; at != null && !Files.exists(at); at = at.getParent()) {
                missing.add(at);
            }
        }
        return missing;
    }

    /** A directory into which somebody else has put a file meanwhile stays. */
    private static void removeIfEmpty(Path directory) {
        try {
            boolean unused = Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOG.debug("doctor.directory-kept path={} {}", directory, e.toString());
        }
    }
}
