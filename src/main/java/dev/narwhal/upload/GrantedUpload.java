package dev.narwhal.upload;

/**
 * An upload's row as the reader saw it, with the fencing token allocated for that reader.
 *
 * @param token the database allocates it for this reader alone; it is larger than every token allocated before
 */
public record GrantedUpload(Upload upload, long token) {}
