package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import com.sun.management.VMOption.Origin;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapKeeperTest {

    /** A JVM that was started with that option; it has derived the size of the heap from what it found. */
    private static HotSpotDiagnosticMXBean jvm(String set) {
        return (HotSpotDiagnosticMXBean) Proxy.newProxyInstance(
                HeapKeeperTest.class.getClassLoader(),
                new Class<?>[] {HotSpotDiagnosticMXBean.class},
                (bean, method, arguments) -> {
                    String name = (String) arguments[0];
                    Origin derived = name.equals("MaxHeapSize") ? Origin.ERGONOMIC : Origin.DEFAULT;
                    return new VMOption(name, "1", false, name.equals(set) ? Origin.VM_CREATION : derived);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MaxHeapSize",
                "InitialHeapSize",
                "MaxRAMPercentage",
                "InitialRAMPercentage",
                "G1PeriodicGCInterval",
                "MaxHeapFreeRatio",
                "MinHeapFreeRatio"
            })
    void heap_thatSomebodyHasChosen_isLeftAlone(String option) {
        assertThat(HeapKeeper.isLeftToTheJvm(jvm(option))).isFalse();
    }

    @Test
    void heap_thatNobodyHasChosen_isKept() {
        assertThat(HeapKeeper.isLeftToTheJvm(jvm("UseG1GC"))).isTrue();
    }
}
