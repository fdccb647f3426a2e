package dev.narwhal.access;

import org.jspecify.annotations.Nullable;

/**
 * Records who has done what to the server, and what was refused. Never records a secret: callers pass ids, no keys, tokens or
 * upload URLs. Safe for any number of threads.
 */
public interface Audit {

    /**
     * Who acts.
     *
     * @param owner empty for a caller who is not known
     * @param credential as {@link Caller#credential()} names it; null without one
     * @param address from where, empty for a command on the machine itself
     */
    record Actor(String owner, @Nullable String credential, String address) {

        /** A command on the machine. */
        public static final Actor MACHINE = new Actor("machine", null, "");

        public static Actor of(Caller caller, String address) {
            return new Actor(caller.owner(), caller.credential(), address);
        }
    }

    /**
     * An act of administration, after it is done or was refused. Durable when this returns, unless the database fails: then the
     * log alone has it. Never throws.
     *
     * @param action such as {@code DELETE /api/v1/keys/{id}}, the same for all acts of that kind
     * @param subject the id of what it concerns; may be empty
     * @param result {@code done}, or the code of the failure
     */
    void act(Actor actor, String action, String subject, String result);

    /**
     * A request that was refused for a lack of rights or by a limit. Equal refusals within a minute are one entry with a count,
     * written at its end; those of the last minute are lost in a crash. Costs no statement. Never throws.
     *
     * @param action as above, without anything that the client has chosen
     * @param result the code of the refusal
     */
    void refused(Actor actor, String action, String result);
}
