package dev.narwhal.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class DestinationConfigurationTest {

    @TempDir
    Path folder;

    private final ApplicationContextRunner context =
            new ApplicationContextRunner().withBean(PartBudget.class, () -> new PartBudget(1));

    @Test
    void destination_byDefault_isTheDirectoryMadeAtTheStart() {
        Path path = folder.resolve("not/there/yet");

        context.withUserConfiguration(DestinationConfiguration.class)
                .withPropertyValues("narwhal.destination.directory.path=" + path)
                .run(started -> {
                    assertThat(started.getBean(Destination.class).describe()).isEqualTo(path.toString());
                    assertThat(path).isDirectory();
                });
    }

    @Test
    void destination_cannotBeMade_stopsTheStartWithASentence() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        context.withUserConfiguration(DestinationConfiguration.class)
                .withPropertyValues("narwhal.destination.directory.path=" + file.resolve("below"))
                .run(started -> assertThat(started)
                        .getFailure()
                        .rootCause()
                        .satisfies(cause -> assertThat(started.getStartupFailure())
                                .hasStackTraceContaining("narwhal.destination.directory.path")));
    }

    @Test
    void destination_ofTheApplication_wins() {
        context.withUserConfiguration(OwnDestination.class, DestinationConfiguration.class)
                .run(started -> assertThat(started.getBean(Destination.class).describe())
                        .isEqualTo("mine"));
    }

    @Test
    void destinations_withNames_areMadeFromTheSameSettings() {
        context.withUserConfiguration(DestinationConfiguration.class)
                .withPropertyValues(
                        "narwhal.destination.directory.path=" + folder.resolve("main"),
                        "narwhal.destinations.archive.directory.path=" + folder.resolve("archive"),
                        "narwhal.destinations.scans.directory.path=" + folder.resolve("scans"))
                .run(started -> {
                    Destinations destinations = started.getBean(Destinations.class);
                    assertThat(destinations.names()).containsExactly("archive", "default", "scans");
                    assertThat(destinations.find("archive").orElseThrow().describe())
                            .isEqualTo(folder.resolve("archive").toString());
                    assertThat(destinations.find("nowhere")).isEmpty();
                    assertThat(destinations.describe())
                            .isEqualTo(folder.resolve("main") + " (archive: " + folder.resolve("archive") + ", scans: "
                                    + folder.resolve("scans") + ")");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    narwhal.destinations.archive.type=directory | narwhal.destinations.archive.directory.path is not set
                    narwhal.destinations.archive.type=s3        | s3.bucket is ''
                    narwhal.destinations.default.type=directory | narwhal.destinations.default is no name for a destination
                    narwhal.destinations.[My_1].type=directory  | narwhal.destinations.My_1 is no name for a destination
                    """)
    void destinations_wrong_stopTheStartWithASentence(String setting, String sentence) {
        context.withUserConfiguration(DestinationConfiguration.class)
                .withPropertyValues("narwhal.destination.directory.path=" + folder.resolve("main"), setting)
                .run(started -> assertThat(started.getStartupFailure()).hasStackTraceContaining(sentence));
    }

    @Configuration
    static class OwnDestination {
        @Bean
        Destination mine() {
            return new Destination() {
                @Override
                public String describe() {
                    return "mine";
                }

                @Override
                public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal) {
                    return new DeliveryReceipt(job.key(), null, DeliveryReceipt.Verification.SIZE, false);
                }

                @Override
                public InputStream read(String key, long position, long length) {
                    return InputStream.nullInputStream();
                }

                @Override
                public void abandon(DeliveryJob job, DeliveryJournal journal) {
                    // It keeps nothing.
                }
            };
        }
    }
}
