package dev.narwhal.api.creation;

import dev.narwhal.access.UploadUrl;
import dev.narwhal.upload.UploadMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An upload URL in an answer.
 *
 * @param url with its token, once, in the answer to the request that has made it; null ever after
 * @param uses uploads that it has created, of at most {@code maxUses}
 */
record UrlView(
        String id,
        @Nullable String url,
        String owner,
        Instant createdAt,
        String createdBy,
        Instant startBy,
        @Nullable String idleAtMost,
        @Nullable Integer maxUses,
        int uses,
        @Nullable Long maxSize,
        List<String> types,
        Map<String, String> metadata,
        @Nullable String key,
        @Nullable String origin,
        boolean read,
        @Nullable Instant revokedAt) {

    static UrlView of(UploadUrl url, @Nullable String shown) {
        UploadUrl.Grant grant = url.grant();
        UploadUrl.Life life = url.life();
        return new UrlView(
                url.id(),
                shown,
                url.owner(),
                life.createdAt(),
                life.createdBy(),
                life.startBy(),
                grant.idleAtMost() == null ? null : grant.idleAtMost().toString(),
                life.maxUses(),
                life.uses(),
                grant.maxSize(),
                grant.types(),
                UploadMetadata.of(grant.metadata()).pairs(),
                grant.objectKey(),
                grant.origin(),
                grant.mayRead(),
                life.revokedAt());
    }
}
