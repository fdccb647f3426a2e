package dev.narwhal.access;

/** Names of owners. */
public final class OwnerName {

    private static final int LONGEST = 200;

    private OwnerName() {}

    /**
     * True for 1 to 200 characters, not all blank, none of them a control character. Not for one that begins like the maker
     * of a session's key.
     */
    public static boolean isUsable(String owner) {
        return !owner.isBlank()
                && !owner.startsWith(ApiKey.SESSION)
                && owner.length() <= LONGEST
                && owner.chars().noneMatch(Character::isISOControl);
    }
}
