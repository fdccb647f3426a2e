/**
 * Black-box tests of tus 1.0.0: raw bytes over sockets to a URL, so that they test any server.
 *
 * <p>They run against a Narwhal that is started once for all of them, or, with {@code -Dtus.url=http://host:port/files},
 * against whatever answers there. Each test names its items of the acceptance list by {@link
 * dev.narwhal.conformance.Item}. Entry points: {@link dev.narwhal.conformance.TusClient} for ordinary requests, {@link
 * dev.narwhal.conformance.RawHttp} for all others.
 */
@NullMarked
package dev.narwhal.conformance;

import org.jspecify.annotations.NullMarked;
