package dev.narwhal.destination.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.TestContent;
import dev.narwhal.destination.directory.RootMarkers;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.upload.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

    private TestDatabase database;
    private ApplicationContextRunner context;

    @BeforeEach
    void open() {
        database = TestDatabase.h2(folder.resolve("data"));
        context = new ApplicationContextRunner()
                .withBean(PartBudget.class, () -> new PartBudget(1))
                .withBean(RootMarkers.class, () -> new RootMarkers(database.jdbc(), "volume"));
    }

    @AfterEach
    void close() {
        database.close();
    }

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
    void destination_ofTheApplication_takesThePlaceOfTheConfiguredOne() {
        context.withUserConfiguration(OwnDestination.class, DestinationConfiguration.class)
                .withPropertyValues("narwhal.destination.directory.path=" + folder.resolve("unused"))
                .run(started -> {
                    Destination own = started.getBean(Destination.class);
                    DeliveryJob job = new DeliveryJob(
                            "0".repeat(32), "key", PartPlan.of(10), null, null, Map.of(), OnConflict.FAIL, 1);

                    DeliveryReceipt receipt = own.deliver(job, TestContent.random(10), new MemoryJournal());

                    assertThat(own.describe()).isEqualTo("memory");
                    assertThat(receipt.key()).isEqualTo("key");
                    assertThat(own.read("key", 2, 3).readAllBytes())
                            .isEqualTo(Arrays.copyOfRange(TestContent.random(10).bytes(), 2, 5));
                    assertThat(folder.resolve("unused")).doesNotExist();
                });
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

    @Test
    void destinations_withANameThatCannotBeMade_areToldUnderTheirName() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        context.withUserConfiguration(DestinationConfiguration.class)
                .withPropertyValues(
                        "narwhal.destination.directory.path=" + folder.resolve("main"),
                        "narwhal.destinations.archive.directory.path=" + file.resolve("below"))
                .run(started -> assertThat(started.getStartupFailure())
                        .hasStackTraceContaining("(narwhal.destinations.archive.directory.path) cannot be made"));
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

    /** The example of {@code docs/destinations.md}. */
    @Configuration
    static class OwnDestination {
        @Bean
        Destination memory() {
            return new Destination() {
                private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

                @Override
                public String describe() {
                    return "memory";
                }

                @Override
                public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
                        throws DestinationException, DeliveryStoppedException {
                    byte[] bytes = readAll(content);
                    if (!journal.completing(null)) {
                        throw new DeliveryStoppedException("not wanted any more");
                    }
                    byte[] there = objects.putIfAbsent(job.key(), bytes);
                    if (there != null && !Arrays.equals(there, bytes)) {
                        throw new DestinationException(Failure.FINAL, "'" + job.key() + "' is taken");
                    }
                    return new DeliveryReceipt(job.key(), null, Verification.SIZE, there != null);
                }

                @Override
                public InputStream read(String key, long position, long length) throws IOException {
                    byte[] bytes = objects.get(key);
                    if (bytes == null) {
                        throw new NoSuchFileException(key);
                    }
                    return new ByteArrayInputStream(bytes, (int) position, (int) length);
                }

                @Override
                public void abandon(DeliveryJob job, DeliveryJournal journal) {
                    objects.remove(job.key());
                }
            };
        }

        private static byte[] readAll(ContentSource content) throws DestinationException {
            ByteBuffer all = ByteBuffer.allocate((int) content.length());
            try {
                while (all.hasRemaining() && content.read(all, all.position()) >= 0) {
                    // It comes in pieces.
                }
            } catch (IOException e) {
                throw new DestinationException(Failure.RETRYABLE, "The staged bytes could not be read", e);
            }
            return all.array();
        }
    }
}
