package dev.narwhal.access;

import dev.narwhal.upload.Sight;
import dev.narwhal.upload.UploadTerms;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a use-case. Every use-case takes one, and finds no upload beyond the caller's sight.
 *
 * @param owner owner of the caller's uploads; empty for anybody, where access is open
 * @param sight which uploads the caller finds
 * @param roles what the caller may do with these uploads or with the server
 * @param limits how much the caller may use
 * @param terms what is agreed on the uploads that the caller creates; names the caller's credential
 * @param creation what these uploads must be like
 */
public record Caller(
        String owner, Sight sight, Set<Role> roles, Limits limits, UploadTerms terms, CreationRules creation) {

    /** The attribute of a request, in front of a controller, that holds its caller. */
    public static final String ATTRIBUTE = "dev.narwhal.access.caller";

    /** Every caller while access is open. What was created while it was closed stays its owners'. */
    public static final Caller ANYBODY = new Caller(
            "", Sight.OWNERLESS, EnumSet.allOf(Role.class), Limits.NONE, UploadTerms.NONE, CreationRules.NONE);

    /**
     * A caller without credentials where access is closed: may go on with uploads that were created while access was
     * open, whose URL is all that their clients ever had.
     */
    public static final Caller STRANGER =
            new Caller("", Sight.OWNERLESS, EnumSet.of(Role.UPLOAD), Limits.NONE, UploadTerms.NONE, CreationRules.NONE);

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** An owner who finds its own uploads, or everything with one of the roles OPERATE and ADMIN. */
    public static Caller of(String owner, Set<Role> roles, Limits limits, @Nullable String credential) {
        boolean all = roles.contains(Role.OPERATE) || roles.contains(Role.ADMIN);
        Sight sight = all ? Sight.EVERYTHING : Sight.ofOwner(owner);
        return new Caller(owner, sight, roles, limits, new UploadTerms(credential, null, null), CreationRules.NONE);
    }

    /** What names the caller's credential, such as {@code key:ID}; null without one. */
    public @Nullable String credential() {
        return terms.credential();
    }

    /** Names the caller where it is recorded who did something: the owner and the credential; null for anybody. */
    public @Nullable String actor() {
        if (owner.isEmpty()) {
            return credential();
        }
        return credential() == null ? owner : owner + " (" + credential() + ")";
    }

    /** The same caller, with this agreed on its new uploads. */
    public Caller agreeing(UploadTerms other) {
        return new Caller(owner, sight, roles, limits, other, creation);
    }

    /** The same caller with another owner, and the sight of that owner. */
    public Caller as(String name) {
        return name.equals(owner) ? this : new Caller(name, Sight.ofOwner(name), roles, limits, terms, creation);
    }

    /** True for a caller with the role, or with ADMIN, which includes all others. */
    public boolean has(Role role) {
        return roles.contains(role) || roles.contains(Role.ADMIN);
    }
}
