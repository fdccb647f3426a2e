/**
 * The upload page: static files below {@code /static}, and the headers they are served with.
 *
 * <p>Invariant: nothing of the page comes from another host, and the browser is told so; nothing here touches the path
 * of the uploads. Entry point: {@link dev.narwhal.web.WebConfiguration}. A leaf: depends on no other package of Narwhal.
 */
@NullMarked
package dev.narwhal.web;

import org.jspecify.annotations.NullMarked;
