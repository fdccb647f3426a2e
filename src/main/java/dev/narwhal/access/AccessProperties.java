package dev.narwhal.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of access.
 *
 * @param mode Who may upload: open (whoever reaches the server) is the only mode so far.
 */
@ConfigurationProperties("narwhal.access")
public record AccessProperties(@DefaultValue("open") AccessMode mode) {}
