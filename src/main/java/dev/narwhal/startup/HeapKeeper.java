package dev.narwhal.startup;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import com.sun.management.VMOption.Origin;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.PlatformManagedObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JVM's default collector look for old garbage before its heap grows, and return what is free to the machine,
 * by options that may be set while it runs. Does nothing when somebody has chosen another collector, the size of the
 * heap, or one of these options.
 */
final class HeapKeeper implements AutoCloseable {

    private static final String INTERVAL = "G1PeriodicGCInterval";
    private static final String MOST_FREE = "MaxHeapFreeRatio";
    private static final String LEAST_FREE = "MinHeapFreeRatio";
    private static final String NEVER = "0";

    /** Somebody who sets one of them has chosen. */
    private static final List<String> CHOICES = List.of(
            "MaxHeapSize",
            "InitialHeapSize",
            "MaxRAMPercentage",
            "InitialRAMPercentage",
            INTERVAL,
            MOST_FREE,
            LEAST_FREE);

    /** From the last collection on; the collector asks the clock once a second. */
    private static final String SOON_MILLIS = "100";

    private static final String PERCENT_FREE = "10";
    private static final long PAUSE_MILLIS = 500;

    private final HotSpotDiagnosticMXBean jvm;
    private final MemoryPoolMXBean old;
    private final GarbageCollectorMXBean cycles;
    private final Thread thread = new Thread(this::watch, "heap-keeper");

    private HeapKeeper(HotSpotDiagnosticMXBean jvm, MemoryPoolMXBean old, GarbageCollectorMXBean cycles) {
        this.jvm = jvm;
        this.old = old;
        this.cycles = cycles;
        jvm.setVMOption(LEAST_FREE, PERCENT_FREE);
        jvm.setVMOption(MOST_FREE, PERCENT_FREE);
        thread.setDaemon(true);
        thread.start();
    }

    /** Null where there is nothing to keep. */
    static @Nullable HeapKeeper startIfUseful() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        MemoryPoolMXBean old = find(ManagementFactory.getMemoryPoolMXBeans(), "G1 Old Gen");
        GarbageCollectorMXBean cycles = find(ManagementFactory.getGarbageCollectorMXBeans(), "G1 Concurrent GC");
        if (jvm == null || old == null || cycles == null || !isLeftToTheJvm(jvm)) {
            return null;
        }
        return new HeapKeeper(jvm, old, cycles);
    }

    private static <T extends PlatformManagedObject> @Nullable T find(List<T> all, String name) {
        for (T each : all) {
            if (each.getObjectName().getKeyProperty("name").equals(name)) {
                return each;
            }
        }
        return null;
    }

    static boolean isLeftToTheJvm(HotSpotDiagnosticMXBean jvm) {
        try {
            for (String name : CHOICES) {
                VMOption option = jvm.getVMOption(name);
                if (option.getOrigin() != Origin.DEFAULT && option.getOrigin() != Origin.ERGONOMIC) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void watch() {
        OldGarbage garbage = new OldGarbage(cycles.getCollectionCount());
        boolean asking = false;
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                boolean ask = garbage.isWorthALook(old.getUsage().getUsed(), cycles.getCollectionCount());
                if (ask != asking) {
                    asking = ask;
                    jvm.setVMOption(INTERVAL, ask ? SOON_MILLIS : NEVER);
                }
            }
        } catch (InterruptedException e) {
            // The server stops.
        } finally {
            jvm.setVMOption(INTERVAL, NEVER);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
