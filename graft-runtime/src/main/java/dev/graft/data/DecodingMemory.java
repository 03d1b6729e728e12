package dev.graft.data;

import java.util.concurrent.Semaphore;
import org.bytedeco.javacpp.Pointer;

/**
 * The memory that pictures may take while they are decoded, for the whole process. Small ones never wait; large ones wait
 * for each other, so that eight threads on eight huge pictures need no eight times as much. A thread holds one share at a
 * time, so nobody waits for somebody who waits.
 */
final class DecodingMemory {
    private static final int UNIT = 1 << 20;
    private static final long LEAST = 64L << 20;

    /** Half of what the machine, or the container, has. */
    static final DecodingMemory OF_THIS_PROCESS = new DecodingMemory(budget());

    private final int units;
    private final Semaphore free;

    DecodingMemory(long bytes) {
        this.units = (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST, bytes) / UNIT);
        this.free = new Semaphore(units, true);
    }

    /** A part of the memory, given back when it is closed. */
    final class Share implements AutoCloseable {
        private final int taken;

        private Share(int taken) {
            this.taken = taken;
        }

        @Override
        public void close() {
            free.release(taken);
        }
    }

    /** Waits until so much is free; who needs more than all gets all. */
    Share take(long bytes) {
        int wanted = (int) Math.min(units, bytes / UNIT);
        free.acquireUninterruptibly(wanted);
        return new Share(wanted);
    }

    /** Waits until nothing large is decoded but what is asked for now. */
    Share takeAll() {
        free.acquireUninterruptibly(units);
        return new Share(units);
    }

    private static long budget() {
        OpenCv.load();
        long most = Pointer.maxPhysicalBytes();
        long there = PhysicalMemory.total();
        return (most > 0 ? Math.min(most, there) : there) / 2;
    }
}
