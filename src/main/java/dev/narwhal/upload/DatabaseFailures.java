package dev.narwhal.upload;

public final class DatabaseFailures {
    private DatabaseFailures() {}

    public static boolean isUnavailable(Throwable t) {
        return t instanceof org.springframework.dao.TransientDataAccessException;
    }
}
