package dev.narwhal.startup;

import java.net.BindException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Explains why the server cannot listen on its configured address. */
final class UnreachableAddress {

    private static final String PORT_OUT_OF_RANGE = "port out of range";

    private UnreachableAddress() {}

    static Optional<String> explain(List<Throwable> chain, @Nullable Environment environment) {
        if (environment == null) {
            return Optional.empty();
        }
        String port = environment.getProperty("server.port", "8080");
        if (chain.stream().anyMatch(UnreachableAddress::isPortOutOfRange)) {
            return Optional.of("server.port is '" + port + "': it must be 0 to 65535, for instance 8080");
        }
        return StartFailure.first(chain, BindException.class)
                .map(e -> "server.address is '" + environment.getProperty("server.address", "")
                        + "' and server.port is '"
                        + port + "', but the server cannot listen there (" + e.getMessage()
                        + "): give an address of this machine, for instance 127.0.0.1 or 0.0.0.0, and a free port");
    }

    private static boolean isPortOutOfRange(Throwable cause) {
        return cause instanceof IllegalArgumentException
                && String.valueOf(cause.getMessage()).contains(PORT_OUT_OF_RANGE);
    }
}
