package dev.narwhal.api.uploads;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.upload.Sight;

/** Narrows a list to what its caller may see. */
final class VisibleUploads {

    /** No upload has it: an owner's name is never that long. */
    private static final String NOBODY = "-".repeat(1000);

    private VisibleUploads() {}

    /**
     * Operators see all; everybody else sees its own, whatever owner it asks for. A batch belongs to an owner: without a name, to the
     * caller.
     */
    static UploadQuery of(UploadQuery query, Caller caller) {
        if (caller.sight().kind() == Sight.Kind.CREDENTIAL) {
            return query.ownedBy(NOBODY);
        }
        if (caller.has(Role.OPERATE)) {
            return query.batch() == null || query.owner() != null ? query : query.ownedBy(caller.owner());
        }
        boolean others = query.owner() != null && !query.owner().equals(caller.owner());
        return query.ownedBy(others ? NOBODY : caller.owner());
    }
}
