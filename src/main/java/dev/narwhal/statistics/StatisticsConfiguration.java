package dev.narwhal.statistics;

import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.staging.StagingStore;
import java.time.Clock;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
public class StatisticsConfiguration {

    @Bean
    @DependsOnDatabaseInitialization
    MissedUploads missedUploads(JdbcClient jdbc, RowCommitter committer, StagingStore staging) {
        return MissedUploads.of(jdbc, committer, staging.volume());
    }

    @Bean
    StatisticsRollup statisticsRollup(
            JdbcClient jdbc, RowCommitter committer, MissedUploads missed, StagingStore staging, Clock clock) {
        return new StatisticsRollup(jdbc, committer, missed, staging.volume(), clock);
    }

    @Bean
    CustomTask<Void> scheduledStatistics(StatisticsRollup rollup, StagingStore staging, Clock clock) {
        return StatisticsTask.of(rollup, staging.volume(), clock);
    }

    @Bean
    @Lazy
    SumsRows sumsRows(JdbcClient jdbc) {
        return new SumsRows(jdbc);
    }
}
