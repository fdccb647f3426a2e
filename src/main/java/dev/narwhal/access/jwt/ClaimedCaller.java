package dev.narwhal.access.jwt;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
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

    private static final int LONGEST_OWNER = 255;

    /** Empty when no usable owner is claimed. A caller without a role may do nothing. */
    Optional<Caller> of(Map<String, Object> claims) {
        return claim(claims, properties.ownerClaim()) instanceof String owner && isUsable(owner)
                ? Optional.of(Caller.of(owner, roles(claims), Limits.NONE, null))
                : Optional.empty();
    }

    private static boolean isUsable(String owner) {
        return !owner.isBlank()
                && owner.length() <= LONGEST_OWNER
                && owner.chars().noneMatch(Character::isISOControl);
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
