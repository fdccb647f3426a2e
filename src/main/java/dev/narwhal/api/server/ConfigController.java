package dev.narwhal.api.server;

import dev.narwhal.api.Needs;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/config}. */
@RestController
public final class ConfigController {

    private final ServerConfig config;

    ConfigController(ServerConfig config) {
        this.config = config;
    }

    /** What a client has to know of this server. */
    @Needs({})
    @GetMapping("/api/v1/config")
    public ServerConfig config() {
        return config;
    }
}
