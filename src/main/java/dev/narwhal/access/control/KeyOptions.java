package dev.narwhal.access.control;

import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** The words after a command about keys: options such as {@code --owner=ann}, and the id of a key. */
final class KeyOptions {

    /** Of {@link #limits}. */
    static final Set<String> LIMITS = Set.of(
            "staged-bytes",
            "active-uploads",
            "upload-size",
            "creations-per-second",
            "requests-per-second",
            "bytes-per-second");

    private final Map<String, String> options = new HashMap<>();
    private final String id;

    /** @throws IllegalArgumentException with a sentence for an option that the command does not have */
    KeyOptions(Collection<String> words, Set<String> known) {
        String found = "";
        for (String word : words) {
            if (!word.startsWith("--")) {
                require(found.isEmpty(), "there is one key too many: '" + word + "'");
                found = word;
                continue;
            }
            String[] option = word.substring(2).split("=", 2);
            require(known.contains(option[0]), "'" + word + "' is no option of this command");
            require(option.length == 2 && !option[1].isBlank(), "--" + option[0] + " needs a value");
            require(options.put(option[0], option[1].strip()) == null, "--" + option[0] + " is there twice");
        }
        id = found;
    }

    private static void require(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Takes a whole key for its id, too: it is what people have at hand. */
    String id() {
        require(!id.isEmpty(), "the id of the key is missing; \"narwhal keys list\" tells it");
        String[] parts = id.split("_");
        return parts.length == 3 && parts[0].equals("nwl") ? parts[1] : id;
    }

    void requireNoId() {
        require(id.isEmpty(), "'" + id + "' is no option");
    }

    String required(String name) {
        return Optional.ofNullable(options.get(name))
                .orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
    }

    Optional<Duration> duration(String name) {
        return Optional.ofNullable(options.get(name)).map(text -> duration(name, text));
    }

    private static Duration duration(String name, String text) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            require(!duration.isNegative(), "--" + name + " is negative");
            return duration;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + name + " is '" + text + "', but must be a time such as 30d", e);
        }
    }

    /** Sizes such as {@code 10GB}, and numbers; without an option no limit. */
    Limits limits() {
        return new Limits(
                size("staged-bytes"),
                number("active-uploads"),
                size("upload-size"),
                number("creations-per-second"),
                number("requests-per-second"),
                size("bytes-per-second"));
    }

    private @Nullable Long size(String name) {
        return parsed(name, "a size such as 10GB", text -> DataSize.parse(text).toBytes());
    }

    private @Nullable Long number(String name) {
        return parsed(name, "a whole number", Long::valueOf);
    }

    private @Nullable Long parsed(String name, String what, Function<String, Long> parser) {
        String text = options.get(name);
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + name + " is '" + text + "', but must be " + what, e);
        }
    }

    Set<Role> roles(String name) {
        return Arrays.stream(required(name).split(",", -1))
                .map(word -> role(word.strip()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    private static Role role(String word) {
        return Arrays.stream(Role.values())
                .filter(role -> name(role).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no scope; there are "
                        + List.of(Role.values()).stream().map(KeyOptions::name).collect(Collectors.joining(", "))));
    }

    static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
