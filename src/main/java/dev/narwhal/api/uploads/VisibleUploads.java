package dev.narwhal.api.uploads;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.upload.Sight;
import java.util.Optional;

/** Narrows a list to what its caller may see. */
final class VisibleUploads {

    private VisibleUploads() {}

    /**
     * Operators see all; everybody else sees its own. A batch belongs to an owner: where the request names none, to the caller.
     *
     * @return empty when the caller sees nothing of the list: it asks for another's uploads, or has an upload URL and no more
     */
    static Optional<UploadQuery> of(UploadQuery query, Caller caller) {
        if (caller.sight().kind() == Sight.Kind.CREDENTIAL) {
            return Optional.empty();
        }
        if (caller.has(Role.OPERATE)) {
            boolean ofOwnBatch = query.batch() != null && query.owner() == null;
            return Optional.of(ofOwnBatch ? query.ownedBy(caller.owner()) : query);
        }
        boolean others = query.owner() != null && !query.owner().equals(caller.owner());
        return others ? Optional.empty() : Optional.of(query.ownedBy(caller.owner()));
    }
}
