package dev.narwhal.upload;

/**
 * Which uploads a caller finds. It is part of the predicate of the first statement of each use-case: for the caller all other
 * uploads do not exist.
 *
 * @param value the owner or the credential; empty for {@link Kind#EVERYTHING}
 */
public record Sight(Kind kind, String value) {

    /** The kinds of sight. */
    public enum Kind {
        /** The uploads of all owners. */
        EVERYTHING(""),
        /** The owner's uploads, and those without an owner: their URL is all that their clients ever had. */
        OWNER(" and owner in (:seer, '')"),
        /** What one credential has created. */
        CREDENTIAL(" and credential = :seer");

        private final String condition;

        Kind(String condition) {
            this.condition = condition;
        }

        /** To be appended to another condition. */
        String condition() {
            return condition;
        }
    }

    public static final Sight EVERYTHING = new Sight(Kind.EVERYTHING, "");

    /** Only the uploads that were created while access was open. */
    public static final Sight OWNERLESS = ofOwner("");

    public static Sight ofOwner(String owner) {
        return new Sight(Kind.OWNER, owner);
    }

    /** @param credential as in {@link UploadTerms#credential()} */
    public static Sight ofCredential(String credential) {
        return new Sight(Kind.CREDENTIAL, credential);
    }

    /** True for an upload that the caller finds. */
    public boolean includes(Upload upload) {
        return switch (kind) {
            case EVERYTHING -> true;
            case OWNER -> upload.owner().equals(value) || upload.owner().isEmpty();
            case CREDENTIAL -> value.equals(upload.terms().credential());
        };
    }
}
