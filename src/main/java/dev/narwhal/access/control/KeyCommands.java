package dev.narwhal.access.control;

import dev.narwhal.access.ApiKey;
import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Audit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code keys create|list|rotate|revoke}: runs in the server, or where there is none in a process of its own. */
public final class KeyCommands {

    /** Who made the keys that come from here. */
    private static final String MACHINE = "machine";

    private static final Set<String> CREATION = Stream.concat(
                    Stream.of("owner", "scopes", "expires"), KeyOptions.LIMITS.stream())
            .collect(Collectors.toSet());

    private static final Duration GRACE = Duration.ofDays(1);
    private static final String LINE = "%-12s  %-20s  %-26s  %-20s  %s%n";

    private final ApiKeys keys;
    private final Clock clock;
    private final Audit audit;

    public KeyCommands(ApiKeys keys, Clock clock, Audit audit) {
        this.audit = audit;
        this.keys = keys;
        this.clock = clock;
    }

    /** @param words after {@code keys}, without settings of the server */
    public CommandResult execute(List<String> words) {
        if (words.isEmpty()) {
            return CommandResult.wrong("keys needs to know what to do: create, list, rotate or revoke");
        }
        List<String> rest = words.subList(1, words.size());
        try {
            return switch (words.getFirst()) {
                case "create" -> create(new KeyOptions(rest, CREATION));
                case "list" -> list(new KeyOptions(rest, Set.of()));
                case "rotate" -> rotate(new KeyOptions(rest, Set.of("grace")));
                case "revoke" -> revoke(new KeyOptions(rest, Set.of()));
                default ->
                    CommandResult.wrong(
                            "keys cannot '" + words.getFirst() + "'; it can create, list, rotate and" + " revoke");
            };
        } catch (IllegalArgumentException e) {
            return CommandResult.wrong(String.valueOf(e.getMessage()));
        }
    }

    private CommandResult create(KeyOptions options) {
        options.requireNoId();
        Duration lifetime = options.duration("expires").orElse(null);
        ApiKeys.Created created =
                keys.create(options.required("owner"), options.roles("scopes"), options.limits(), lifetime, MACHINE);
        done("create", created.key().id());
        return CommandResult.done(created.text() + "\n", """
                Made the key %s for the owner %s (%s)%s. It is shown this once:
                """.formatted(
                created.key().id(),
                created.key().owner(),
                scopes(created.key()),
                lifetime == null ? "" : ", until " + time(created.key().life().expiresAt())));
    }

    private CommandResult list(KeyOptions options) {
        options.requireNoId();
        StringBuilder table = new StringBuilder(LINE.formatted("id", "owner", "scopes", "created", "state"));
        for (ApiKey key : keys.all()) {
            table.append(LINE.formatted(
                    key.id(), key.owner(), scopes(key), time(key.life().createdAt()), state(key)));
        }
        return CommandResult.done(table.toString(), "");
    }

    private CommandResult rotate(KeyOptions options) {
        Duration grace = options.duration("grace").orElse(GRACE);
        String id = options.id();
        Optional<String> rotated = keys.rotate(id, grace);
        rotated.ifPresent(text -> done("rotate", id));
        return rotated.map(text -> CommandResult.done(
                        text + "\n", """
                        The key %s has a new secret; the one before is valid until %s. It is shown this once:
                        """.formatted(id, time(clock.instant().plus(grace)))))
                .orElseGet(() -> CommandResult.failed("there is no key " + id + " in force"));
    }

    private CommandResult revoke(KeyOptions options) {
        String id = options.id();
        boolean revoked = keys.revoke(id);
        if (revoked) {
            done("revoke", id);
        }
        return revoked
                ? CommandResult.done("", "The key " + id + " is revoked.\n")
                : CommandResult.failed("there is no key " + id + " in force");
    }

    private void done(String command, String id) {
        audit.act(Audit.Actor.MACHINE, "keys " + command, id, "done");
    }

    private static String scopes(ApiKey key) {
        return key.scopes().stream().sorted().map(KeyOptions::name).collect(Collectors.joining(","));
    }

    private String state(ApiKey key) {
        if (key.isRevoked()) {
            return "revoked " + time(key.life().revokedAt());
        }
        Instant end = key.life().expiresAt();
        return end == null ? "valid" : (key.isExpired(clock.instant()) ? "expired " : "valid until ") + time(end);
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
