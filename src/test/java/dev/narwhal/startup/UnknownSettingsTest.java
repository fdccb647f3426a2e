package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.lease.LeaseProperties;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class UnknownSettingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "narwhal.tus.base-url",
                "narwhal.tus.baseUrl",
                "narwhal.tus.base_url",
                "narwhal.tus.cors.allowed-origins",
                "narwhal.tus.cors.allowed-origins[0]",
                "narwhal.destinations.archive.type",
                "narwhal.destinations.archive.s3.path-style",
                "narwhal.destinations.archive.s3.pathStyle",
                "narwhal.destinations.archive.metadata-keys[0]",
                "narwhal.delivery.rules[0].destination",
                "narwhal.delivery.rules[10].metadata.project",
                "narwhal.delivery.rules[10].metadata[my.key]",
                "server.no-such-thing",
                "narwhalish.thing"
            })
    void name_thatExists_passes(String name) {
        assertThatCode(() -> check(file(name, "x"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "narwhal.tus.pth, narwhal.tus.path",
        "narwhal.tus.cors.allowed-origin, narwhal.tus.cors.allowed-origins",
        "narwhal.takeover-timeout, narwhal.lease.takeover-timeout"
    })
    void name_thatIsNearlyRight_isToldTheRightOne(String wrong, String right) {
        assertThatThrownBy(() -> check(file(wrong, "7")))
                .isInstanceOf(WrongSettingException.class)
                .hasMessage(wrong + " is '7', but there is no such setting: did you mean " + right + "?");
    }

    @Test
    void name_thatIsLikeNoOther_isToldWhereTheListIs() {
        assertThatThrownBy(() -> check(file("narwhal.colour", "blue")))
                .hasMessage("narwhal.colour is 'blue', but there is no such setting: docs/configuration.md lists the"
                        + " settings there are.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "narwhal.destinations.archive.s3.path-stile",
                "narwhal.destinations.archive.s3.path-style.x",
                "narwhal.destinations.archive.typ",
                "narwhal.delivery.rules[0].destinatoin",
                "narwhal.delivery.rules.destination",
                "narwhal.tus.cors.allowed-origins[0].x"
            })
    void name_belowAListOrAMap_isLookedAt(String wrong) {
        assertThatThrownBy(() -> check(file(wrong, "x")))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageStartingWith(wrong + " is 'x', but there is no such setting");
    }

    @Test
    void emptySection_passes() {
        assertThatCode(() -> check(file("narwhal.tus.cors", ""))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(file("narwhal.tus.cors", "x"))).isInstanceOf(WrongSettingException.class);
    }

    @Test
    void secret_isNotShown() {
        assertThatThrownBy(() -> check(file("narwhal.s3.secret-kye", "hunter2")))
                .message()
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NARWHAL_TUS_BASEURL",
                "NARWHAL_TUS_BASE_URL",
                "NARWHAL_TUS_CORS_ALLOWEDORIGINS_0",
                "NARWHAL_TUS_CORS_ALLOWED_ORIGINS_0_",
                "NARWHAL_SERVICE_HOST",
                "NARWHAL_SERVICE_PORT_HTTP",
                "NARWHAL_PORT_8080_TCP_ADDR",
                "NARWHAL_METRICS_SERVICE_PORT",
                "NARWHALS"
            })
    void variable_thatExistsOrIsAServiceLink_passes(String variable) {
        assertThatCode(() -> check(variables(variable, "x"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NARWHAL_LEASE_TAKEOVERTIMEOUT", "NARWHAL_LEASE_TAKEOVER_TIMEOUT"})
    void variable_thatPasses_isAlsoBound(String variable) {
        StandardEnvironment environment = environment(variables(variable, "7s"));

        check(environment);

        assertThat(Binder.get(environment)
                        .bind("narwhal.lease", LeaseProperties.class)
                        .get())
                .isEqualTo(new LeaseProperties(Duration.ofSeconds(7)));
    }

    @Test
    void variable_ofAServicesPort_isTheServicesOnlyWithAUrl() {
        assertThatCode(() -> check(variables("NARWHAL_PORT", "tcp://10.0.0.1:8080")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check(variables("NARWHAL_PORT", "8080"))).hasMessageContaining("NARWHAL_PORT");
    }

    @Test
    void variable_thatIsNearlyRight_isToldTheRightOne() {
        assertThatThrownBy(() -> check(variables("NARWHAL_TUS_BASE_URI", "https://example.org/files")))
                .hasMessage("NARWHAL_TUS_BASE_URI is 'https://example.org/files', but there is no such setting: did you"
                        + " mean NARWHAL_TUS_BASE_URL?");
    }

    private static PropertySource<?> file(String name, String value) {
        return new MapPropertySource("file", Map.of(name, value));
    }

    private static PropertySource<?> variables(String name, String value) {
        return new SystemEnvironmentPropertySource("systemEnvironment", Map.of(name, value));
    }

    private static void check(PropertySource<?> source) {
        check(environment(source));
    }

    private static void check(StandardEnvironment environment) {
        new UnknownSettings().postProcessEnvironment(environment, new SpringApplication());
    }

    private static StandardEnvironment environment(PropertySource<?> source) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(own -> environment.getPropertySources().remove(own.getName()));
        environment.getPropertySources().addFirst(source);
        ConfigurationPropertySources.attach(environment);
        return environment;
    }
}
