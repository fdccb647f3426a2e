/**
 * What any protocol over HTTP needs: the container, over HTTP/1.1 and HTTP/2, how long a head may take, and which bodies may be
 * read, by the memory that they hold; problem documents, CORS, ranges and conditions of a GET, the address that a client knows.
 *
 * <p>Invariant: no buffer for a body exists before the body is admitted. It knows no protocol and no upload: a protocol provides
 * {@link dev.narwhal.http.ContainerSettings} and {@link dev.narwhal.http.AnswerHeaders}, and what the container refuses by itself looks
 * like its own refusals. Entry points: {@link dev.narwhal.http.TomcatConfiguration}, {@link dev.narwhal.http.BodyClaim},
 * {@link dev.narwhal.http.FileAnswer}, {@link dev.narwhal.http.Problem}.
 */
@NullMarked
package dev.narwhal.http;

import org.jspecify.annotations.NullMarked;
