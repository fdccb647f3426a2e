package dev.narwhal.clients;

import java.util.Optional;

/** What each client is put through; the order and the titles are those of the tables in {@code docs/clients.md}. */
enum Scenario {
    EMPTY(Group.SIZES, "0 B"),
    ONE_BYTE(Group.SIZES, "1 B"),
    TEN_MIB_LESS_ONE(Group.SIZES, "10 MiB − 1"),
    TEN_MIB(Group.SIZES, "10 MiB"),
    TEN_MIB_AND_ONE(Group.SIZES, "10 MiB + 1"),
    HUNDRED_MIB(Group.SIZES, "100 MiB"),

    CONNECTION_RESET(Group.INTERRUPTIONS, "connection reset"),
    SERVER_KILLED(Group.INTERRUPTIONS, "server killed"),
    CLIENT_KILLED(Group.INTERRUPTIONS, "client killed"),
    BEHIND_NGINX(Group.INTERRUPTIONS, "nginx with a prefix, reset"),

    TERMINATION(Group.FEATURES, "termination"),
    DATA_DURING_CREATION(Group.FEATURES, "data with the creation"),
    DEFERRED_LENGTH(Group.FEATURES, "deferred length"),
    METHOD_OVERRIDE(Group.FEATURES, "method override"),
    CHECKSUM(Group.FEATURES, "checksum"),
    PARALLEL(Group.FEATURES, "parallel"),
    PARALLEL_RESET(Group.FEATURES, "parallel, reset"),
    PARALLEL_CLIENT_KILLED(Group.FEATURES, "parallel, client killed");

    /** One table each. */
    enum Group {
        SIZES("Sizes"),
        INTERRUPTIONS("Interruptions"),
        FEATURES("Features");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Group group;
    private final String title;

    Scenario(Group group, String title) {
        this.group = group;
        this.title = title;
    }

    Group group() {
        return group;
    }

    String title() {
        return title;
    }

    /** The extension without which there is nothing to see; those that every server has are not looked for. */
    Optional<String> extension() {
        return switch (this) {
            case CHECKSUM -> Optional.of("checksum");
            case PARALLEL, PARALLEL_RESET, PARALLEL_CLIENT_KILLED -> Optional.of("concatenation");
            default -> Optional.empty();
        };
    }
}
