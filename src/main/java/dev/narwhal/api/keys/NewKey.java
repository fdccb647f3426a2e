package dev.narwhal.api.keys;

import dev.narwhal.access.OwnerName;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * A key that is asked for.
 *
 * @param scopes names such as {@code upload}
 * @param limits null for none
 * @param expiresIn such as {@code 30d} or {@code P30D}; null for a key without an end
 */
record NewKey(
        @Nullable String owner,
        @Nullable List<String> scopes,
        @Nullable KeyLimits limits,
        @Nullable String expiresIn) {

    /** @throws ApiProblem with INVALID_BODY */
    String checkedOwner() {
        if (owner == null || !OwnerName.isUsable(owner)) {
            throw wrong("owner must be a name of 1 to 200 characters, none of them a control character.");
        }
        return owner;
    }

    /** @throws ApiProblem with INVALID_BODY */
    Set<Role> roles() {
        if (scopes == null || scopes.isEmpty()) {
            throw wrong("scopes must have at least one of " + names() + ".");
        }
        return scopes.stream().map(NewKey::role).collect(Collectors.toSet());
    }

    private static Role role(@Nullable String word) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> wrong("scopes may have " + names() + " only."));
    }

    private static String names() {
        return Arrays.stream(Role.values()).map(KeyView::name).collect(Collectors.joining(", "));
    }

    /** @throws ApiProblem with INVALID_BODY */
    @Nullable
    Duration lifetime() {
        return expiresIn == null ? null : duration("expiresIn", expiresIn);
    }

    static Duration duration(String field, String text) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Explained below.
        }
        throw wrong(field + " must be a duration such as 30d or P30D.");
    }

    private static ApiProblem wrong(String detail) {
        return new ApiProblem(ApiError.INVALID_BODY, detail);
    }
}
