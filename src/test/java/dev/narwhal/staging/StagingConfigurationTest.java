package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class StagingConfigurationTest {

    @TempDir
    private Path data;

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(StagingConfiguration.class)
                .withPropertyValues("narwhal.data-dir=" + data);
    }

    @Test
    void context_holdsTheDataDirectoryForItsLife() {
        runner().run(context -> {
            assertThat(context).hasSingleBean(StagingStore.class).hasBean("dataDirectory");
            StagingStore store = context.getBean(StagingStore.class);
            assertThat(data.resolve("staging/.volume")).content().isEqualToIgnoringNewLines(store.volume());
            runner().run(second ->
                    assertThat(second).hasFailed().getFailure().rootCause().isInstanceOf(DataDirectoryException.class));
        });
        runner().run(again -> assertThat(again).hasNotFailed());
    }

    @Test
    void properties_defaults() {
        runner().run(context -> assertThat(context.getBean(StagingProperties.class))
                .isEqualTo(new StagingProperties(
                        StagingType.DISK, SyncMode.ACK, DataSize.ofMegabytes(256), Duration.ZERO)));
    }

    @Test
    void properties_outOfRange_areNamedWithTheirValue() {
        runner().withPropertyValues("narwhal.staging.reserve=-1B")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("narwhal.staging.reserve is -1B"));
        runner().withPropertyValues("narwhal.staging.keep-after-delivery=-5m")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("narwhal.staging.keep-after-delivery is PT-5M"));
        runner().withPropertyValues("narwhal.data-dir=")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("narwhal.data-dir is ''"));
    }
}
