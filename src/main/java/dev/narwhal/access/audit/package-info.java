/**
 * The audit log: a table of acts of administration and of refusals, and a JSON line of the log for each.
 *
 * <p>Invariant: whatever strangers send, a minute adds a bounded number of rows, and refusals never displace acts. Entry point:
 * {@link dev.narwhal.access.audit.AuditLog}.
 */
@NullMarked
package dev.narwhal.access.audit;

import org.jspecify.annotations.NullMarked;
