package dev.narwhal.faults;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Counts what all threads of another JVM, of the same user, have allocated on their heap. */
record AllocatedBytes(JMXConnector connector, ThreadMXBean threads) implements AutoCloseable {

    /** @throws IOException when that JVM cannot be asked */
    @SuppressWarnings("BanJNDI") // the address is that of a JVM of ours on this machine
    static AllocatedBytes of(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            JMXConnector connector =
                    JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            machine.detach();
            return new AllocatedBytes(
                    connector,
                    ManagementFactory.newPlatformMXBeanProxy(
                            connector.getMBeanServerConnection(),
                            ManagementFactory.THREAD_MXBEAN_NAME,
                            ThreadMXBean.class));
        } catch (AttachNotSupportedException e) {
            throw new IOException("The JVM " + pid + " cannot be asked", e);
        }
    }

    /** Bytes since that JVM began, of threads that have ended, too. */
    long read() {
        return threads.getTotalThreadAllocatedBytes();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
