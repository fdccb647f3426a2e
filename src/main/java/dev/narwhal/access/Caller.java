package dev.narwhal.access;

import dev.narwhal.upload.Upload;
import java.util.EnumSet;
import java.util.Set;

/**
 * The caller of a use-case. Every use-case takes one, and finds no upload of another owner.
 *
 * @param owner owner of the caller's uploads; empty for anybody, where access is open
 * @param roles what the caller may do with its own uploads or with the server
 * @param limits how much the caller may use
 */
public record Caller(String owner, Set<Role> roles, Limits limits) {

    /** Every caller while access is open. */
    public static final Caller ANYBODY = new Caller("", EnumSet.allOf(Role.class), Limits.NONE);

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** The same caller with another owner. */
    public Caller as(String name) {
        return name.equals(owner) ? this : new Caller(name, roles, limits);
    }

    public boolean owns(Upload upload) {
        return upload.owner().equals(owner);
    }
}
