package dev.narwhal.access.limits;

import dev.narwhal.access.Limits;

/** An owner's use against what every owner may use. */
public record OwnerUsage(String owner, Usage usage, Limits limits) {}
