package dev.narwhal.upload;

/**
 * A row as the holder of its lease has read it, with the holder's fencing token.
 *
 * @param token allocated by the database for this reader alone; larger than every token that was allocated before
 */
public record GrantedUpload(Upload upload, long token) {}
