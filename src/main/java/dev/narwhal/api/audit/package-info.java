/**
 * The audit log over the API.
 *
 * <p>Invariant: only administrators read it. Entry point: {@link dev.narwhal.api.audit.AuditController}.
 */
@NullMarked
package dev.narwhal.api.audit;

import org.jspecify.annotations.NullMarked;
