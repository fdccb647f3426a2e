package dev.narwhal.upload;

import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Another process owns the staging volume now. Transient for a client: that process, or this one's next incarnation, will
 * answer.
 */
public class VolumeLostException extends TransientDataAccessResourceException {

    public VolumeLostException(String volume) {
        super("The staging volume " + volume + " belongs to another process by now");
    }
}
