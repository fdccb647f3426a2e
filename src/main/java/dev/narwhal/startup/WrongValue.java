package dev.narwhal.startup;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.unit.DataSize;

/** Explains a setting whose value has the wrong type, or is refused by its record. */
final class WrongValue {

    private static final ConfigurationPropertyName NAMED = ConfigurationPropertyName.of("narwhal.destinations");

    private WrongValue() {}

    static Optional<String> explain(BindException failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        ConfigurationProperty property = failure.getProperty();
        if (isConversion(failure) && property != null) {
            return Optional.of(unfit(property, failure.getTarget().getType().resolve(Object.class)));
        }
        if (root instanceof IllegalArgumentException && root.getMessage() != null) {
            return Optional.of(failure.getName() + ": " + root.getMessage());
        }
        return Optional.empty();
    }

    /** A destination's record always names the default destination's settings in its messages, wherever it is bound. */
    static String underItsName(ConfigurationPropertyName bound, String message) {
        boolean named = NAMED.isAncestorOf(bound) && bound.getNumberOfElements() > NAMED.getNumberOfElements();
        return named
                ? message.replace("narwhal.destination.", bound.chop(NAMED.getNumberOfElements() + 1) + ".")
                : message;
    }

    private static boolean isConversion(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(ConversionException.class::isInstance);
    }

    private static String unfit(ConfigurationProperty property, Class<?> type) {
        String name = property.getName().toString();
        return name + " is " + Redaction.value(name, property.getValue()) + ": it must be " + allowed(type);
    }

    static String allowed(Class<?> type) {
        if (type.isEnum()) {
            return oneOf(type);
        }
        return switch (type.getName()) {
            case "boolean", "java.lang.Boolean" -> "true or false";
            case "int", "long", "java.lang.Integer", "java.lang.Long" -> "a whole number";
            default -> allowedObject(type);
        };
    }

    private static String allowedObject(Class<?> type) {
        if (type == DataSize.class) {
            return "a size, for instance 512MB or 5GB";
        }
        if (type == Duration.class) {
            return "a duration, for instance 30s, 5m or 24h";
        }
        if (type == URI.class) {
            return "a URL, for instance https://files.example.org";
        }
        if (type == InetAddress.class) {
            return "an address of this machine, for instance 127.0.0.1 or 0.0.0.0";
        }
        return "a " + type.getSimpleName();
    }

    private static String oneOf(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(" or "));
    }
}
