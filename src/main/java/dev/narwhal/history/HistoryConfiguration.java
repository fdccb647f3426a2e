package dev.narwhal.history;

import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the history of uploads. */
@Configuration(proxyBeanMethods = false)
public class HistoryConfiguration {

    @Bean
    @DependsOnDatabaseInitialization
    HistoryRows historyRows(JdbcClient jdbc) {
        return new HistoryRows(jdbc);
    }

    @Bean
    UploadHistory uploadHistory(HistoryRows rows, RowCommitter committer, Clock clock) {
        return new UploadHistory(rows, committer, clock);
    }
}
