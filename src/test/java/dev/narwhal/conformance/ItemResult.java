package dev.narwhal.conformance;

import java.util.List;

/**
 * The verdict on one item.
 *
 * @param why one line for each test that failed; the one reason where nothing was tested; empty when passed
 */
record ItemResult(int item, Verdict verdict, List<String> why) {

    ItemResult {
        if (verdict == Verdict.PASSED && !why.isEmpty()) {
            throw new IllegalArgumentException("Item " + item + " passed, and yet: " + why);
        }
        why = List.copyOf(why);
    }
}
