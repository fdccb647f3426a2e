package dev.narwhal.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of access.
 *
 * @param mode who may upload: open, whoever reaches the server; closed, who has a key, a token or an upload URL
 * @param openToNetwork whether open access is meant where {@code server.address} is not a loopback address
 */
@ConfigurationProperties("narwhal.access")
public record AccessProperties(
        @DefaultValue("open") AccessMode mode,
        @DefaultValue("false") boolean openToNetwork) {

    public boolean isOpen() {
        return mode == AccessMode.OPEN;
    }
}
