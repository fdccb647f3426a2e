package dev.narwhal.access.limits;

/** In which order requests are refused when there are too many. */
public enum Urgency {
    /** Creations. */
    SHED_FIRST,
    ORDINARY,
    /** HEAD, without which no client resumes, and DELETE, which gives room back. */
    SHED_LAST;

    /** @param method the effective method of a request on the tus path */
    public static Urgency of(String method) {
        return switch (method) {
            case "POST" -> SHED_FIRST;
            case "HEAD", "DELETE" -> SHED_LAST;
            default -> ORDINARY;
        };
    }
}
