package dev.narwhal.download;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param enabled whether a GET of an upload's URL serves the finished file */
@ConfigurationProperties("narwhal.download")
public record DownloadProperties(@DefaultValue("true") boolean enabled) {}
