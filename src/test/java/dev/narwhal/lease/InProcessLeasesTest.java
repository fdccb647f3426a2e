package dev.narwhal.lease;

import java.time.Duration;

class InProcessLeasesTest extends UploadLeasesContract {

    @Override
    UploadLeases leases(Duration takeoverTimeout, LeaseMetrics metrics) {
        return new InProcessLeases(takeoverTimeout, metrics);
    }
}
