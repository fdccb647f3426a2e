package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends the missing parts of an object, several at once, within the budget that all deliveries share. */
public final class PartSender {

    /** Sends one part to a store. */
    @FunctionalInterface
    public interface Transfer {

        /**
         * @param bytes the content; one thread at a time may read this part of it, as often as necessary
         * @return the part that the store has acknowledged
         */
        SentPart send(int number, ContentSource bytes)
                throws IOException, DestinationException, DeliveryStoppedException;
    }

    /** The parts to send, and the way to send them. */
    private record Parts(PartPlan plan, ContentSource content, Transfer transfer, DeliveryJournal journal) {}

    private final PartBudget budget;

    public PartSender(PartBudget budget) {
        this.budget = budget;
    }

    /**
     * Sends all missing parts. Returns or throws when no part is in flight any more.
     *
     * @param stored the parts that the store already has
     * @return all parts in order
     */
    public List<SentPart> send(
            PartPlan plan, List<SentPart> stored, ContentSource content, Transfer transfer, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Parts parts = new Parts(plan, content, transfer, journal);
        return send(arrived(journal.parts(), stored), plan.partCount(), parts);
    }

    /**
     * Sends the missing parts among the first {@code last} ones of an unfinished upload. A part recorded in the journal counts
     * as sent: {@link #send} compares the journal with the store later, before the object is completed.
     */
    public void sendAhead(PartPlan plan, int last, ContentSource content, Transfer transfer, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Map<Integer, SentPart> sent = new TreeMap<>();
        journal.parts().stream().filter(part -> part.number() <= last).forEach(part -> sent.put(part.number(), part));
        var unused = send(sent, last, new Parts(plan, content, transfer, journal));
    }

    private List<SentPart> send(Map<Integer, SentPart> sent, int last, Parts parts)
            throws IOException, DestinationException, DeliveryStoppedException {
        List<Future<SentPart>> inFlight = new ArrayList<>();
        AtomicBoolean failed = new AtomicBoolean();
        try {
            for (int number = 1; number <= last; number++) {
                if (failed.get() || !parts.journal().isActive()) {
                    break;
                }
                if (!sent.containsKey(number)) {
                    int next = number;
                    inFlight.add(budget.startPart(parts.plan().size(next), () -> sendOne(next, parts, failed)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed.set(true);
        }
        collect(inFlight, sent);
        if (sent.size() < last) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
        return List.copyOf(sent.values());
    }

    /** The parts that the journal and the store both have, with the same size and tag. All others are sent again. */
    private static Map<Integer, SentPart> arrived(List<SentPart> journal, List<SentPart> stored) {
        Map<Integer, SentPart> storedByNumber = new HashMap<>();
        stored.forEach(part -> storedByNumber.put(part.number(), part));
        Map<Integer, SentPart> arrived = new TreeMap<>();
        for (SentPart part : journal) {
            SentPart found = storedByNumber.get(part.number());
            if (found != null && found.size() == part.size() && found.tag().equals(part.tag())) {
                arrived.put(part.number(), part);
            }
        }
        return arrived;
    }

    private SentPart sendOne(int number, Parts parts, AtomicBoolean failed)
            throws IOException, DestinationException, DeliveryStoppedException {
        boolean sent = false;
        try {
            SentPart part = transfer(number, parts);
            if (!parts.journal().sent(part)) {
                throw new DeliveryStoppedException("The journal stopped this attempt");
            }
            sent = true;
            return part;
        } finally {
            if (!sent) {
                failed.set(true);
            }
        }
    }

    private SentPart transfer(int number, Parts parts)
            throws IOException, DestinationException, DeliveryStoppedException {
        ByteBuffer memory = budget.memory().tryTake();
        if (memory == null) {
            return parts.transfer().send(number, parts.content());
        }
        try (PartContent bytes = new PartContent(parts.content(), parts.plan().end(number), memory)) {
            return parts.transfer().send(number, bytes);
        } finally {
            budget.memory().giveBack(memory);
        }
    }

    private static void collect(List<Future<SentPart>> inFlight, Map<Integer, SentPart> parts)
            throws IOException, DestinationException, DeliveryStoppedException {
        Exception failure = null;
        for (Future<SentPart> future : inFlight) {
            try {
                SentPart part = await(future);
                parts.put(part.number(), part);
            } catch (IOException | DestinationException | DeliveryStoppedException | RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            rethrow(failure);
        }
    }

    /** Sends a whole object in one request, within the budget. */
    public <T> T transfer(Callable<T> call) throws IOException, DestinationException, DeliveryStoppedException {
        try {
            return await(budget.startWhole(call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryStoppedException("Interrupted before the transfer began");
        }
    }

    /** Does not stop waiting when interrupted: the transfer writes to the journal, and the caller must see its result. */
    private static <T> T await(Future<T> future) throws IOException, DestinationException, DeliveryStoppedException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    rethrow(Objects.requireNonNullElse(e.getCause(), e));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void rethrow(Throwable failure) throws IOException, DestinationException, DeliveryStoppedException {
        switch (failure) {
            case IOException e -> throw e;
            case DestinationException e -> throw e;
            case DeliveryStoppedException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }
}
