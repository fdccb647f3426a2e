package dev.narwhal.api;

import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.metaAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMapping;

class NeedsTest {

    @Test
    void endpoints_all_sayWhichRoleTheyNeed() {
        methods()
                .that(annotatedWith(RequestMapping.class).or(metaAnnotatedWith(RequestMapping.class)))
                .should()
                .beAnnotatedWith(Needs.class)
                .allowEmptyShould(true)
                .check(new ClassFileImporter()
                        .withImportOption(location -> !location.contains("/test-classes/"))
                        .importPackages("dev.narwhal.api"));
    }
}
