package dev.narwhal.upload;

/**
 * A row as it was read for its lease, with the fencing token of that reader.
 *
 * @param token allocated by the database for this reader alone; larger than every token that was allocated before
 */
public record GrantedUpload(Upload upload, long token) {}
