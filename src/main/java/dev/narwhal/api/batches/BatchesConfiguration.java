package dev.narwhal.api.batches;

import dev.narwhal.batch.UploadBatches;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires the endpoints of batches. */
@Configuration(proxyBeanMethods = false)
public class BatchesConfiguration {

    @Bean
    @Lazy
    BatchesController batchesController(UploadBatches batches) {
        return new BatchesController(batches);
    }
}
