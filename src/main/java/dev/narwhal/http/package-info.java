/**
 * The parts that any protocol over HTTP needs: the container with HTTP/1.1 and HTTP/2, time limits of heads, admission
 * of bodies by their memory, problem documents, CORS, ranges and preconditions of a GET, the server's public address.
 *
 * <p>Invariant: no buffer for a body exists before the body is admitted. This package knows no protocol and no upload:
 * a protocol provides {@link dev.narwhal.http.ContainerSettings} and {@link dev.narwhal.http.AnswerHeaders}, and the
 * container's own refusals look like the protocol's. Entry points: {@link dev.narwhal.http.TomcatConfiguration}, {@link
 * dev.narwhal.http.BodyClaim}, {@link dev.narwhal.http.FileAnswer}, {@link dev.narwhal.http.Problem}.
 */
@NullMarked
package dev.narwhal.http;

import org.jspecify.annotations.NullMarked;
