package dev.narwhal.access.guard;

import dev.narwhal.access.Role;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parts of the server beside the tus path, by who may see them. */
enum Area {
    /** Files that carry nothing of the server's data, such as the upload page, and the API's description. */
    PAGES,
    /** The pages that show the server's data, which they ask the API for. */
    ADMIN_PAGES,
    /** Begins and ends a browser's session. */
    SESSION,
    /** Each endpoint says which role it needs. */
    API,
    /** What tells an orchestrator whether the process lives, and whether it takes requests. */
    PROBES,
    /** The state of the server, without details. */
    STATE,
    /** What operators see and do. */
    OPERATION,
    /** All other endpoints of the actuator: some of them tell secrets. */
    INTERNALS;

    private static final Set<String> OPERATORS =
            Set.of("prometheus", "metrics", "deliveries", "loggers", "threaddump", "scheduledtasks");

    /**
     * @param path as the container has decoded it
     * @param actuator path of the actuator's endpoints; empty when every path is one of them
     */
    static Area of(String path, String actuator) {
        if (isAtOrBelow(path, actuator)) {
            return ofEndpoint(path.substring(actuator.length()));
        }
        if (isAtOrBelow(path, "/api/docs")) {
            return PAGES;
        }
        if (path.equals("/api/v1/session")) {
            return SESSION;
        }
        if (isAtOrBelow(path, "/api")) {
            return API;
        }
        return isAtOrBelow(path, "/admin") ? ADMIN_PAGES : PAGES;
    }

    private static Area ofEndpoint(String path) {
        String[] names = path.split("/");
        String endpoint = names.length < 2 ? "" : names[1];
        return switch (endpoint) {
            case "health" -> isProbe(names) ? PROBES : STATE;
            case "", "info" -> STATE;
            default -> OPERATORS.contains(endpoint) ? OPERATION : INTERNALS;
        };
    }

    private static boolean isProbe(String[] names) {
        return names.length == 3 && (names[2].equals("liveness") || names[2].equals("readiness"));
    }

    static boolean isAtOrBelow(String path, String root) {
        return path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
    }

    /** True where a caller must be known. */
    boolean needsCaller() {
        return this == API || role() != null;
    }

    /** What a caller needs; null where something else decides. */
    @Nullable
    Role role() {
        return switch (this) {
            case STATE -> Role.READ;
            case OPERATION -> Role.OPERATE;
            case INTERNALS -> Role.ADMIN;
            default -> null;
        };
    }

    /** True for what a page of another site could steal or change while access is open. */
    boolean isForOwnHosts() {
        return this != PAGES && this != PROBES;
    }
}
