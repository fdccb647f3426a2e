package dev.narwhal.delivery;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.Destination;
import java.io.InputStream;

/** A destination with a name and nothing else. */
record StubDestination(String describe) implements Destination {

    @Override
    public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        throw new AssertionError("Nothing is delivered here");
    }

    @Override
    public InputStream read(String key, long position, long length) {
        throw new AssertionError("Nothing is read here");
    }

    @Override
    public void abandon(DeliveryJob job, DeliveryJournal journal) {
        throw new AssertionError("Nothing is abandoned here");
    }
}
