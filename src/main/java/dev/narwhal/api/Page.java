package dev.narwhal.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list. It may have fewer items than asked for, or none, although more follow.
 *
 * @param next the value of {@code cursor} for the items that follow; null at the end of the list
 */
public record Page<T>(List<T> items, @Nullable String next) {

    public Page {
        items = List.copyOf(items);
    }
}
