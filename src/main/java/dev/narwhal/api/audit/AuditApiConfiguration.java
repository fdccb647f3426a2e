package dev.narwhal.api.audit;

import dev.narwhal.access.audit.AuditRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires the endpoint of the audit log. */
@Configuration(proxyBeanMethods = false)
public class AuditApiConfiguration {

    @Bean
    @Lazy
    AuditController auditController(AuditRepository audit) {
        return new AuditController(audit);
    }
}
