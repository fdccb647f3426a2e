package dev.narwhal.access.jwt;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.OwnerName;
import dev.narwhal.access.Role;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who calls, by the claims of a token. */
record ClaimedCaller(JwtProperties properties) {

    /** Empty when no usable owner is claimed, or limits that make no sense. A caller without a role may do nothing. */
    Optional<Caller> of(Map<String, Object> claims) {
        return claim(claims, properties.ownerClaim()) instanceof String owner && OwnerName.isUsable(owner)
                ? limits(claims).map(limits -> Caller.of(owner, roles(claims), limits, null))
                : Optional.empty();
    }

    private Optional<Limits> limits(Map<String, Object> claims) {
        Object claimed = properties.limitsClaim().isEmpty() ? null : claim(claims, properties.limitsClaim());
        if (claimed == null) {
            return Optional.of(Limits.NONE);
        }
        try {
            return claimed instanceof Map<?, ?> values ? Optional.of(claimedLimits(values)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Limits claimedLimits(Map<?, ?> values) {
        return new Limits(
                number(values.get("stagedBytes")),
                number(values.get("activeUploads")),
                number(values.get("uploadSize")),
                number(values.get("creationsPerSecond")),
                number(values.get("requestsPerSecond")),
                number(values.get("bytesPerSecond")));
    }

    /** @throws IllegalArgumentException for what is no whole number: a limit that is misunderstood must not be none */
    private static @Nullable Long number(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException("No whole number: " + value);
    }

    private Set<Role> roles(Map<String, Object> claims) {
        return words(claim(claims, properties.rolesClaim()))
                .flatMap(this::roles)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    private static Stream<String> words(@Nullable Object claim) {
        if (claim instanceof Collection<?> list) {
            return list.stream().filter(String.class::isInstance).map(String.class::cast);
        }
        return claim instanceof String text ? Arrays.stream(text.split(" +")) : Stream.empty();
    }

    private Stream<Role> roles(String word) {
        String prefix = properties.rolesPrefix();
        Stream<Role> named = Arrays.stream(Role.values())
                .filter(role -> word.equals(prefix + role.name().toLowerCase(Locale.ROOT)));
        return Stream.concat(named, properties.roles().getOrDefault(word, List.of()).stream());
    }

    /** A claim of that whole name, else by the path that its dots make, such as {@code realm_access.roles}. */
    private static @Nullable Object claim(Map<String, Object> claims, String name) {
        if (claims.containsKey(name)) {
            return claims.get(name);
        }
        Object found = claims;
        for (String step : name.split("\\.")) {
            found = found instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return found;
    }
}
