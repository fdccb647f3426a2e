package dev.narwhal.startup;

import dev.narwhal.access.OpenAccess;
import dev.narwhal.access.ReservedPaths;
import dev.narwhal.http.TomcatConfiguration;
import dev.narwhal.protocol.tus.HeadRoom;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Binds every setting before the server uses one: a start that a wrong value stops must not have migrated the database,
 * because the previous jar could not use that any more.
 */
final class EarlyCheck implements EnvironmentPostProcessor, Ordered {

    /** Spring Boot's own settings that Narwhal documents. */
    private static final List<Class<?>> OF_SPRING_BOOT = List.of(ServerProperties.class, DataSourceProperties.class);

    /** After all processors that may add property sources. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    /** @throws RuntimeException for {@link StartFailure}, at the first value that is not allowed */
    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!(application instanceof InspectedSettings.Inspection)) {
            all(environment).forEach(Runnable::run);
        }
    }

    /** Each of them throws when its settings are wrong. */
    static Stream<Runnable> all(ConfigurableEnvironment environment) {
        Stream<Class<?>> records = Stream.concat(KnownSettings.ours().records().stream(), OF_SPRING_BOOT.stream());
        return Stream.concat(
                records.map(record -> () -> bind(environment, record)),
                Stream.of(
                        () -> TomcatConfiguration.refuseOthersTrust(environment),
                        () -> HeadRoom.require(environment),
                        () -> ReservedPaths.require(environment),
                        () -> OpenAccess.require(environment)));
    }

    static <T> T bind(ConfigurableEnvironment environment, Class<T> record) {
        ConfigurationProperties names =
                AnnotatedElementUtils.getMergedAnnotation(record, ConfigurationProperties.class);
        if (names == null) {
            throw new IllegalArgumentException(record + " holds no settings");
        }
        return Binder.get(environment).bindOrCreate(names.prefix(), Bindable.of(record));
    }
}
