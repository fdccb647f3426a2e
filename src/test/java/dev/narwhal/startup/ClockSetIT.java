package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.NarwhalApplication;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.S3FaultProxy;
import dev.narwhal.testkit.S3FaultProxy.Fault;
import dev.narwhal.testkit.S3Store;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The whole server on a machine whose clock somebody sets while it runs. */
@Tag("faults")
@Tag("brief")
@Timeout(300)
class ClockSetIT {

    /** Far above the pauses between attempts, far below an hour. */
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {-5, 30})
    void clock_isSetByHours_uploadsLiveAndDeliveriesGoOn(int hours) throws Exception {
        try (S3Store store = S3Store.start(dir.resolve("s3"));
                S3FaultProxy network = S3FaultProxy.to(store.endpoint());
                ConfigurableApplicationContext server = start(store, network);
                PlainTus tus = new PlainTus();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            URI files = URI.create(
                    "http://127.0.0.1:" + server.getEnvironment().getProperty("local.server.port") + "/files");
            URI idle = tus.create(files, 10, "idle.bin");
            URI live = tus.create(files, 10, "live.bin");
            URI finished = tus.create(files, 5, "finished.bin");
            network.spoil((call, occurrence) -> Fault.INTERNAL_ERROR);
            try (PipedOutputStream client = new PipedOutputStream()) {
                InputStream body = new PipedInputStream(client);
                Future<HttpResponse<String>> answer = threads.submit(() -> tus.patchStreaming(live, 0, body));
                client.write("hello".getBytes());
                client.flush();
                assertThat(tus.patch(finished, 0, "hello".getBytes()).statusCode())
                        .isEqualTo(204);
                Awaitility.await().until(() -> network.seen().size() >= 2);

                server.getBean(MachineClock.class).set(Duration.ofHours(hours));
                network.mend();

                Awaitility.await("the delivery is tried again")
                        .atMost(SOON)
                        .until(() -> store.keys().size() == 1);
                client.write("world".getBytes());
                client.close();
                assertThat(answer.get().statusCode()).isEqualTo(204);
            }
            Awaitility.await("a new delivery")
                    .atMost(SOON)
                    .until(() -> store.keys().size() == 2);
            // The sweep has come by several times meanwhile.
            assertThat(tus.offset(idle)).isZero();
            assertThat(tus.patch(idle, 0, "helloworld".getBytes()).statusCode()).isEqualTo(204);
            Awaitility.await().atMost(SOON).until(() -> store.keys().size() == 3);
        }
    }

    private ConfigurableApplicationContext start(S3Store store, S3FaultProxy network) {
        List<String> settings = new ArrayList<>(store.settings());
        settings.removeIf(setting -> setting.startsWith("--narwhal.destination.s3.endpoint"));
        settings.addAll(List.of(
                "--narwhal.destination.s3.endpoint=" + network.endpoint(),
                "--server.port=0",
                "--narwhal.data-dir=" + dir.resolve("data"),
                "--narwhal.upload.sweep-interval=1s"));
        return new SpringApplicationBuilder(OnThatMachine.class, NarwhalApplication.class)
                .run(settings.toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    static class OnThatMachine {

        @Bean
        MachineClock machineClock() {
            return new MachineClock();
        }

        @Bean
        Clock clock(MachineClock machine) {
            return new SteadyClock(machine.clock(), System::nanoTime);
        }
    }

    /** The machine's clock, which somebody may set. */
    static final class MachineClock {

        private volatile Duration off = Duration.ZERO;

        void set(Duration by) {
            off = by;
        }

        Clock clock() {
            return new Clock() {
                @Override
                public Instant instant() {
                    return Instant.now().plus(off);
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            };
        }
    }
}
