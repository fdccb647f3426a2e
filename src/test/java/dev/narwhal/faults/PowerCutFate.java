package dev.narwhal.faults;

import dev.narwhal.faults.CutDisk.Fate;
import dev.narwhal.faults.CutDisk.Outcome;
import dev.narwhal.faults.SimulatedDisk.Change;
import dev.narwhal.faults.SimulatedDisk.Node;
import dev.narwhal.faults.SimulatedDisk.What;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** What luck leaves of the changes that were not durable: of one file more, of another less, and of some writes a part. */
final class PowerCutFate implements Fate {

    private final Random luck;
    private final Map<Node, Double> shares = new HashMap<>();

    PowerCutFate(Random luck) {
        this.luck = luck;
    }

    @Override
    public Outcome of(Change change) {
        double share = shares.computeIfAbsent(change.node, node -> luck.nextInt(5) / 4.0);
        boolean kept = luck.nextDouble() < share;
        if (change.what instanceof What.Write write && luck.nextInt(3) == 0) {
            return new Outcome.Torn(sectors(write, share));
        }
        return kept ? CutDisk.KEPT : CutDisk.LOST;
    }

    /** The first ones, or any. */
    private BitSet sectors(What.Write write, double share) {
        int count = (write.data().remaining() + CutDisk.SECTOR - 1) / CutDisk.SECTOR;
        BitSet sectors = new BitSet(count);
        if (luck.nextBoolean()) {
            sectors.set(0, luck.nextInt(count + 1));
            return sectors;
        }
        for (int sector = 0; sector < count; sector++) {
            sectors.set(sector, luck.nextDouble() < Math.max(share, 0.3));
        }
        return sectors;
    }
}
