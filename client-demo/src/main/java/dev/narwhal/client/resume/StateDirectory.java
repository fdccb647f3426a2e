package dev.narwhal.client.resume;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where this platform keeps what a program of the user must remember between two runs. */
public final class StateDirectory {

    private static final String NAME = "narwhal-client";

    private StateDirectory() {}

    /**
     * @param environment the process's environment variables
     * @param systemName as in {@code os.name}
     */
    public static Path of(Map<String, String> environment, String systemName, Path home) {
        String system = systemName.toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return absolute(environment, "LOCALAPPDATA")
                    .orElse(home.resolve("AppData").resolve("Local"))
                    .resolve(NAME);
        }
        if (system.startsWith("mac")) {
            return home.resolve("Library").resolve("Application Support").resolve(NAME);
        }
        return absolute(environment, "XDG_STATE_HOME")
                .orElse(home.resolve(".local").resolve("state"))
                .resolve(NAME);
    }

    /** The XDG base directory specification says: a relative path is invalid and to be ignored. */
    private static Optional<Path> absolute(Map<String, String> environment, String variable) {
        try {
            return Optional.ofNullable(environment.get(variable)).map(Path::of).filter(Path::isAbsolute);
        } catch (InvalidPathException unusable) {
            return Optional.empty();
        }
    }
}
