package dev.narwhal.access.jwt;

import dev.narwhal.access.Caller;
import java.time.Instant;

/**
 * A token whose signature, issuer and audience are right.
 *
 * @param end when it ceases to be valid, the skew included; may have passed
 */
record Token(Caller caller, Instant end) {}
