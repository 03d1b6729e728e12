package dev.graft.data;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of the machine, or of the container that the process runs in. */
final class PhysicalMemory {
    /** Where the JVM does not say. */
    private static final long UNKNOWN = 4L << 30;

    private PhysicalMemory() {}

    static long total() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                        && system.getTotalMemorySize() > 0
                ? system.getTotalMemorySize()
                : UNKNOWN;
    }
}
