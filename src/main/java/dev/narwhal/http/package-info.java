/**
 * What any protocol over HTTP needs: problem documents, CORS, ranges and conditions of a GET, the address that a client knows.
 *
 * <p>Invariant: knows no protocol and no upload. Entry points: {@link dev.narwhal.http.Problem},
 * {@link dev.narwhal.http.FileAnswer}, {@link dev.narwhal.http.AnswerHeaders}.
 */
@NullMarked
package dev.narwhal.http;

import org.jspecify.annotations.NullMarked;
