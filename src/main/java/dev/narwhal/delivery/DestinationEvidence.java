package dev.narwhal.delivery;

import dev.narwhal.delivery.DestinationStates.Pause;
import dev.narwhal.upload.UploadId;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of one destination, and of the uploads that it has refused. Used under the lock of its owner. */
final class DestinationEvidence {

    /** So many uploads may be charged one after the other, and none be taken in between: then it is the destination after all. */
    static final int MOST_CHARGED_IN_A_ROW = 2;

    private static final int MOST_REMEMBERED = 1_000;

    /** Null while the destination takes what comes. */
    @Nullable
    Pause pause;

    /** Which upload is to be the next probe; null when any may. */
    @Nullable
    UploadId expected;

    /** True once another upload than the first was let through in this pause. */
    boolean heard;

    /** Uploads that were refused in this pause. */
    final Set<UploadId> refused = new HashSet<>();

    /** Those of the suspects that were refused once more, and told that it is their own failure. */
    final Set<UploadId> charged = newest();

    /** Uploads that were refused, and others were taken since. */
    private final Set<UploadId> suspects = newest();

    private final Set<UploadId> inARow = new HashSet<>();

    /** Whether this upload can tell at once if the destination refuses others than the one that was refused. */
    boolean isSecondOpinion(UploadId id) {
        return !heard && !refused.contains(id) && !suspects.contains(id);
    }

    /** True when a failure of this upload is its own. */
    boolean charges(UploadId id) {
        if (!suspects.contains(id)) {
            return false;
        }
        inARow.add(id);
        boolean own = inARow.size() <= MOST_CHARGED_IN_A_ROW;
        if (own) {
            charged.add(id);
        }
        return own;
    }

    void worked(UploadId id) {
        suspects.addAll(refused);
        suspects.remove(id);
        charged.remove(id);
        refused.clear();
        inARow.clear();
        heard = false;
        expected = null;
        pause = null;
    }

    private static Set<UploadId> newest() {
        return Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<UploadId, Boolean> eldest) {
                return size() > MOST_REMEMBERED;
            }
        });
    }
}
