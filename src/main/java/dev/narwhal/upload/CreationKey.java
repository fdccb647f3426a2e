package dev.narwhal.upload;

import java.time.Duration;

/**
 * Names a creation, so that it makes one upload however often its client repeats it.
 *
 * @param scope whose key it is: an owner, or an upload URL
 * @param value of the client's choice, or made from what the creation asks for; 1 to 300 characters
 * @param fingerprint of what the creation asks for, 64 characters: the same key with another one is a mistake of the client
 * @param validFor how long a repetition finds the upload
 */
public record CreationKey(String scope, String value, String fingerprint, Duration validFor) {}
