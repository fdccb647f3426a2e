package dev.narwhal.api.keys;

import dev.narwhal.access.ApiKey;
import dev.narwhal.access.Role;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key in an answer.
 *
 * @param key its text, once, in the answer to the request that has made it or its secret; null ever after
 * @param previousUntil until when the secret before the last rotation is valid
 */
record KeyView(
        String id,
        @Nullable String key,
        String owner,
        List<String> scopes,
        KeyLimits limits,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant previousUntil,
        @Nullable Instant revokedAt) {

    static KeyView of(ApiKey key, @Nullable String text) {
        ApiKey.Life life = key.life();
        return new KeyView(
                key.id(),
                text,
                key.owner(),
                key.scopes().stream().sorted().map(KeyView::name).toList(),
                KeyLimits.of(key.limits()),
                life.createdAt(),
                life.createdBy(),
                life.expiresAt(),
                life.previousUntil(),
                life.revokedAt());
    }

    static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
