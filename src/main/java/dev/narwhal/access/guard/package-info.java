/**
 * Guards everything but the tus path: the API, the operator's endpoints and the pages.
 *
 * <p>Invariant: the guard stands in front of Spring MVC's servlet and of no other, so that no setting can put it on the path of the
 * uploads, whose own gate knows what tus clients do. Entry point: {@link dev.narwhal.access.guard.GuardConfiguration}.
 */
@NullMarked
package dev.narwhal.access.guard;

import org.jspecify.annotations.NullMarked;
