/**
 * The upload page, and the page about the API: static files below {@code /static}, and their headers.
 *
 * <p>Invariant: the page loads nothing from another host, and its Content-Security-Policy says so; no filter here
 * touches the path of the uploads. Entry point: {@link dev.narwhal.web.WebConfiguration}. A leaf: depends on no other
 * package of Narwhal.
 */
@NullMarked
package dev.narwhal.web;

import org.jspecify.annotations.NullMarked;
