package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;

/**
 * Where and how libtorch computes. Whoever computes with it is given one: trainers, live networks, heads. The same engine on
 * the same machine gives the same numbers, bit for bit; another number of threads may round otherwise.
 *
 * <p>Half precision on a GPU will be a {@link Precision} whose weights stay float32: what is switched by thread, as
 * libtorch's autocast is, goes where threads are, into {@link #use}, and where numbers change their type, into {@link #tensor}.
 *
 * @param device where tensors are
 * @param precision of tensors that {@link #tensor} makes, and so of what is computed from them
 * @param threads how many threads one operation on the CPU may use
 */
public record Engine(Device device, Precision precision, int threads) {
    /**
     * Checks what later computations rely on.
     *
     * @throws GraftException if there is no thread, or no such device
     */
    public Engine {
        if (threads < 1) {
            throw new GraftException("threads: expected at least 1, got " + threads);
        }
        if (device == Device.CUDA && !Torch.cudaAvailable()) {
            throw new GraftException("device: expected one that is there, got CUDA, which this machine or this build of"
                    + " libtorch does not have; take the CPU");
        }
    }

    /** The CPU, all its cores, float32. */
    public static Engine cpu() {
        return cpu(cores());
    }

    /** The CPU, float32. */
    public static Engine cpu(int threads) {
        return new Engine(Device.CPU, Precision.FLOAT32, threads);
    }

    /** CUDA where this build of libtorch and this machine have it, else the CPU; all cores, float32. */
    public static Engine best() {
        return best(cores());
    }

    /** CUDA where this build of libtorch and this machine have it, else the CPU; float32. */
    public static Engine best(int threads) {
        return cpu(threads).onDevice(Device.best());
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    public Engine onDevice(Device other) {
        return new Engine(other, precision, threads);
    }

    public Engine withPrecision(Precision other) {
        return new Engine(device, other, threads);
    }

    public Engine withThreads(int number) {
        return new Engine(device, precision, number);
    }

    /** A copy of the numbers, on the device and in the precision of this, in the innermost scope. */
    public Tensor tensor(HostTensor host) {
        return Tensor.of(host, device).to(precision);
    }

    /**
     * Lets what this thread computes use the threads of this engine, until it is closed; then those of before. Uses may be
     * nested, and close in reverse order on the thread that opened them.
     */
    public EngineUse use() {
        return new EngineUse(threads);
    }
}
