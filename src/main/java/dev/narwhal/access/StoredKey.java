package dev.narwhal.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key with the hashes of its secrets.
 *
 * @param previousHash the hash before the last rotation; null when there is none
 */
record StoredKey(ApiKey key, String hash, @Nullable String previousHash) {

    /** True for a secret that is valid now. Both hashes are compared, whichever matches. */
    boolean accepts(String presented, Instant now) {
        boolean current = Secret.matches(hash, presented);
        boolean previous = previousHash != null && Secret.matches(previousHash, presented);
        Instant until = key.life().previousUntil();
        return current || (previous && until != null && now.isBefore(until));
    }
}
