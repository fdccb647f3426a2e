package dev.narwhal.upload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Ids as the parameter of {@code in (:ids)}. */
public final class IdList {

    private IdList() {}

    /**
     * Repeats the last id until the number of values is a power of two. So a database that caches prepared statements has a few
     * of them, and not one for each number of ids.
     *
     * @param ids at least one
     */
    public static List<String> of(List<UploadId> ids) {
        List<String> values = new ArrayList<>(ids.stream().map(UploadId::value).toList());
        int size = Math.max(1, Integer.highestOneBit(values.size() - 1) * 2);
        values.addAll(Collections.nCopies(Math.max(0, size - values.size()), values.getLast()));
        return values;
    }
}
