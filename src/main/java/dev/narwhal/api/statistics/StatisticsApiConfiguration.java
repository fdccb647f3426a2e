package dev.narwhal.api.statistics;

import dev.narwhal.statistics.SumsRows;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
public class StatisticsApiConfiguration {

    @Bean
    @Lazy
    StatisticsController statisticsController(SumsRows sums, Clock clock) {
        return new StatisticsController(sums, clock);
    }
}
