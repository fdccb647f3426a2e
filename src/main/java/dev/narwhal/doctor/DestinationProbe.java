package dev.narwhal.doctor;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Delivers a small object, reads it back and removes it, with a finding for each step. */
final class DestinationProbe {

    /** The limit for a step; a working store needs a fraction of it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final String REMEDY = "Check that the destination can be reached, and what the server may do there:"
            + " docs/destinations.md lists it.";

    private static final byte[] CONTENT =
            "Written by the doctor of Narwhal, who removes it again.\n".getBytes(StandardCharsets.US_ASCII);

    private final String name;
    private final Destination destination;
    private final ProbeJournal journal = new ProbeJournal();
    private final DeliveryJob job;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * @param name the destination's name in the findings
     * @param prefix of the keys: empty, or ends with a slash
     */
    DestinationProbe(String name, Destination destination, String prefix) {
        this.name = name;
        this.destination = destination;
        String id = UUID.randomUUID().toString().replace("-", "");
        this.job = new DeliveryJob(
                id,
                prefix + "narwhal-doctor-" + id + "/probe.txt",
                PartPlan.of(CONTENT.length),
                "text/plain",
                "probe.txt",
                Map.of(),
                OnConflict.FAIL,
                1);
    }

    List<Finding> findings() {
        boolean delivered = step("deliver", () -> {
            DeliveryReceipt receipt = destination.deliver(job, new ProbeContent(CONTENT), journal);
            return "'" + receipt.key() + "' to " + destination.describe() + ", verified: " + receipt.verifiedBy();
        });
        if (delivered) {
            step("read back", this::read);
        }
        // Also after a failure: the object may have arrived although the answer was lost.
        List<Finding> before = List.copyOf(findings);
        boolean removed = step("remove", () -> {
            destination.abandon(job, journal);
            return "gone again";
        });
        if (!delivered && !removed) {
            // Does not report the same cause twice.
            return before;
        }
        return List.copyOf(findings);
    }

    private String read() throws IOException {
        try (InputStream in = destination.read(job.key(), 0, CONTENT.length)) {
            if (!Arrays.equals(in.readAllBytes(), CONTENT)) {
                throw new IOException("Other bytes came back than were delivered");
            }
        }
        return CONTENT.length + " bytes, the same";
    }

    private boolean step(String step, Callable<String> work) {
        String check = name + ": " + step;
        FutureTask<String> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("doctor").start(task);
        try {
            findings.add(Finding.ok(check, task.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)));
            return true;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            findings.add(Finding.fail(check, oneLine(cause), REMEDY));
        } catch (TimeoutException e) {
            findings.add(Finding.fail(
                    check, "no answer within " + TIMEOUT.toSeconds() + " s for '" + job.key() + "'", REMEDY));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            findings.add(Finding.fail(check, "interrupted", REMEDY));
        }
        return false;
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
