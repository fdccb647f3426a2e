package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryRuleTest {

    /** project = alpha, empty = "" */
    private static final String METADATA = "project YWxwaGE=,empty";

    @ParameterizedTest
    @CsvSource({
        "acme,  true",
        "*,     true",
        "ac*,   true",
        "*me,   true",
        "a*m*e, true",
        "a*x,   false",
        "ACME,  false",
        "acm,   false",
        "ac.e,  false",
        "'',    false"
    })
    void fits_owner_byPattern(String pattern, boolean fits) {
        assertThat(new DeliveryRule("archive", pattern, Map.of()).fits(upload("acme", null)))
                .isEqualTo(fits);
    }

    @Test
    void fits_emptyPattern_isNobody() {
        assertThat(new DeliveryRule("archive", "", Map.of()).fits(upload("", null)))
                .isTrue();
    }

    @Test
    void fits_metadata_allOfThem() {
        Upload upload = upload("", METADATA);

        assertThat(rule(Map.of("project", "alpha")).fits(upload)).isTrue();
        assertThat(rule(Map.of("project", "al*")).fits(upload)).isTrue();
        assertThat(rule(Map.of("project", "al*", "empty", "")).fits(upload)).isTrue();
        assertThat(rule(Map.of("project", "al*", "absent", "*")).fits(upload)).isTrue();
        assertThat(rule(Map.of("project", "al*", "absent", "x*")).fits(upload)).isFalse();
        assertThat(rule(Map.of("project", "beta")).fits(upload)).isFalse();
        assertThat(rule(Map.of("Project", "alpha")).fits(upload)).isFalse();
        assertThat(new DeliveryRule("archive", "ann", Map.of("project", "alpha")).fits(upload))
                .isFalse();
    }

    @Test
    void destinationOf_firstThatFits_elseTheDefault() {
        DeliveryJobs jobs = new DeliveryJobs(
                new Destinations(Map.of("default", new StubDestination("x"))),
                Map.of(),
                List.of(
                        new DeliveryRule("first", "ann", Map.of()),
                        new DeliveryRule("second", "a*", Map.of()),
                        new DeliveryRule("third", null, Map.of("project", "alpha"))),
                OnConflict.FAIL);

        assertThat(jobs.destinationOf(upload("ann", METADATA))).isEqualTo("first");
        assertThat(jobs.destinationOf(upload("amy", METADATA))).isEqualTo("second");
        assertThat(jobs.destinationOf(upload("bob", METADATA))).isEqualTo("third");
        assertThat(jobs.destinationOf(upload("bob", null))).isEqualTo("default");
    }

    @Test
    void rule_thatSaysNothing_isRefused() {
        assertThatThrownBy(() -> new DeliveryRule("archive", null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fits every upload");
        assertThatThrownBy(() -> new DeliveryRule(" ", "ann", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no destination");
    }

    private static DeliveryRule rule(Map<String, String> metadata) {
        return new DeliveryRule("archive", null, metadata);
    }

    private static Upload upload(String owner, @Nullable String metadata) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return UploadBuilder.upload()
                .owner(owner)
                .length(5L)
                .metadata(metadata)
                .contentType(null)
                .createdAt(now)
                .volume("volume")
                .build();
    }
}
