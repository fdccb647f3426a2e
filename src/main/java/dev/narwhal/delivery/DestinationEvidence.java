package dev.narwhal.delivery;

import dev.narwhal.delivery.DestinationStates.Pause;
import dev.narwhal.upload.UploadId;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The observations about one destination and the uploads that it has refused. Its owner's lock guards it. */
final class DestinationEvidence {

    /**
     * At most so many uploads in a row are charged for their refusal without one success; after that the destination itself is
     * taken for the cause.
     */
    static final int MOST_CHARGED_IN_A_ROW = 2;

    private static final int MOST_REMEMBERED = 1_000;

    /** Null while the destination accepts uploads. */
    @Nullable
    Pause pause;

    /** The upload that is to be the next probe; null when any upload may be. */
    @Nullable
    UploadId expectedProbe;

    /** True once a second upload was let through in this pause. */
    boolean secondOpinionAsked;

    /** Uploads that the destination has refused in this pause. */
    final Set<UploadId> refused = new HashSet<>();

    /** Suspects that were refused again, and whose failure was charged to themselves. */
    final Set<UploadId> charged = newest();

    /** Uploads that the destination has refused, while it has accepted others since. */
    private final Set<UploadId> suspects = newest();

    private final Set<UploadId> chargedInARow = new HashSet<>();

    /** Whether this upload can show at once that the destination refuses other uploads, too. */
    boolean isSecondOpinion(UploadId id) {
        return !secondOpinionAsked && !refused.contains(id) && !suspects.contains(id);
    }

    /** True when a failure of this upload is charged to the upload. */
    boolean charges(UploadId id) {
        if (!suspects.contains(id)) {
            return false;
        }
        chargedInARow.add(id);
        boolean own = chargedInARow.size() <= MOST_CHARGED_IN_A_ROW;
        if (own) {
            charged.add(id);
        }
        return own;
    }

    void worked(UploadId id) {
        suspects.addAll(refused);
        suspects.remove(id);
        charged.remove(id);
        resumed();
    }

    /** The next failures are judged as if none had been before. */
    void resumed() {
        refused.clear();
        chargedInARow.clear();
        secondOpinionAsked = false;
        expectedProbe = null;
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
