package dev.narwhal.staging;

import dev.narwhal.node.HeldLock;
import dev.narwhal.node.LocalVolume;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The data directory and staging on it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DataDirectoryProperties.class, StagingProperties.class})
public class StagingConfiguration {

    private static final String DIRECTORY = "staging";

    /** Every bean that opens a file below the data directory depends on this one: the lock comes first. */
    @Bean
    DataDirectory dataDirectory(DataDirectoryProperties properties) {
        return DataDirectory.open(properties.path());
    }

    @Bean
    SpaceBudget stagingSpace(DataDirectory dataDirectory, StagingProperties properties) throws IOException {
        Path root = dataDirectory.directory(DIRECTORY);
        FileStore fileStore = Files.getFileStore(root);
        return new SpaceBudget(fileStore::getUsableSpace, properties.reserve().toBytes(), System::nanoTime);
    }

    @Bean
    DiskStagingStore stagingStore(DataDirectory dataDirectory, StagingProperties properties, SpaceBudget stagingSpace)
            throws IOException {
        return DiskStagingStore.open(dataDirectory.directory(DIRECTORY), properties, stagingSpace);
    }

    @Bean
    LocalVolume localVolume(DataDirectory dataDirectory, DiskStagingStore store) throws IOException {
        return new LockedVolume(store, dataDirectory.heldLock());
    }

    private record LockedVolume(DiskStagingStore store, HeldLock lock) implements LocalVolume {

        @Override
        public String id() {
            return store.volume();
        }

        @Override
        public void lose() {
            store.lose();
        }
    }

    @Bean
    StagedFiles stagedFiles(DiskStagingStore store) {
        return store.files();
    }

    @Bean
    SeenDatabase seenDatabase(DataDirectory dataDirectory) throws IOException {
        return new SeenDatabase(dataDirectory.directory(DIRECTORY));
    }

    @Bean
    StagingMetrics stagingMetrics(SpaceBudget stagingSpace, DiskStagingStore staging) {
        return new StagingMetrics(stagingSpace, staging);
    }

    @Bean
    StagingHealth stagingHealthIndicator(DataDirectory dataDirectory, StagingStore staging, SpaceBudget stagingSpace)
            throws IOException {
        return new StagingHealth(dataDirectory.directory(DIRECTORY), staging.volume(), stagingSpace);
    }
}
