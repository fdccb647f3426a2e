package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogTest {

    private static final OutOfMemoryError HEAP = new OutOfMemoryError("Java heap space");

    private final List<String> ends = new ArrayList<>();
    private final Watchdog watchdog = new Watchdog(() -> ends.add("memory"), ends::add);

    @Test
    void memory_hasRunOutAndNobodyCaughtIt_endsTheProcess() {
        watchdog.died(new Thread("any"), new IllegalStateException(HEAP));

        assertThat(ends).containsExactly("memory");
    }

    @Test
    void memory_hasRunOutAndSomebodyLogsIt_endsTheProcess() {
        watchdog.logged(new IllegalStateException(HEAP));

        assertThat(ends).containsExactly("memory");
    }

    @Test
    void directBuffer_hasNoRoom_isForItsCaller() {
        watchdog.logged(new OutOfMemoryError("Cannot reserve 1048576 bytes of direct buffer memory"));
        watchdog.logged(new IllegalStateException("else"));

        assertThat(ends).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-nio-8080-Acceptor", "https-jsse-nio-8443-Poller", "row-committer"})
    void vitalThread_dies_endsTheProcess(String name) {
        watchdog.died(new Thread(name), new IllegalStateException("defect"));

        assertThat(ends).singleElement().asString().contains(name, "defect");
    }

    @Test
    void otherThread_dies_isLogged() {
        watchdog.died(new Thread("tomcat-handler-1"), new IllegalStateException("defect"));

        assertThat(ends).isEmpty();
    }
}
