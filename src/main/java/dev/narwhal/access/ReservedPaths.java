package dev.narwhal.access;

import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.Environment;

/** Refuses to start a server whose uploads would be in front of its API, its endpoints or its pages, and so past their guard. */
public final class ReservedPaths {

    private ReservedPaths() {}

    /** @throws IllegalArgumentException with a sentence for the operator */
    public static void require(Environment environment) {
        String uploads = environment.getProperty("narwhal.tus.path", "/files");
        List<String> reserved = new ArrayList<>(List.of("/api/v1", "/api/docs", "/admin"));
        String endpoints = environment.getProperty("management.endpoints.web.base-path", "/actuator");
        if (!endpoints.equals("/")) {
            reserved.add(endpoints);
        }
        for (String path : reserved) {
            if (isAtOrBelow(uploads, path) || isAtOrBelow(path, uploads)) {
                throw new IllegalArgumentException("narwhal.tus.path is '" + uploads + "', but " + path
                        + " is the server's own; allowed is a path such as /files or /api/uploads");
            }
        }
    }

    private static boolean isAtOrBelow(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
