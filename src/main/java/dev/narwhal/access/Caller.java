package dev.narwhal.access;

import dev.narwhal.upload.Upload;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whoever asks for something. Every use-case takes one: to a caller who does not own it an upload is not there.
 *
 * @param owner whose uploads they are; empty for anybody, where access is open
 * @param roles what the caller may do, with its own uploads or with the server
 */
public record Caller(String owner, Set<Role> roles, Limits limits) {

    /** Nobody in particular: access is open. */
    public static final Caller ANYBODY = new Caller("", EnumSet.allOf(Role.class), Limits.NONE);

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** The same in somebody else's name. */
    public Caller as(String name) {
        return name.equals(owner) ? this : new Caller(name, roles, limits);
    }

    public boolean owns(Upload upload) {
        return upload.owner().equals(owner);
    }
}
