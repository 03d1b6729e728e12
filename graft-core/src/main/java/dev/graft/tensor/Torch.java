package dev.graft.tensor;

import dev.graft.GraftException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** The state of libtorch that belongs to the process: threads, the random seed, what devices there are. */
public final class Torch {
    /** Asking the loader itself is slow: it looks through all its properties at every call. */
    private static volatile boolean loaded;

    private Torch() {}

    /**
     * Loads the native library; the very first time on a machine unpacks it, which takes some seconds.
     *
     * @throws GraftException if there is no libtorch for this platform
     */
    public static void load() {
        if (loaded) {
            return;
        }
        try {
            Loader.load(torch.class);
            loaded = true;
        } catch (UnsatisfiedLinkError e) {
            throw new GraftException(
                    "libtorch cannot be loaded on " + Loader.getPlatform()
                            + ": Graft trains on linux-x86_64, macosx-arm64 and windows-x86_64; build with the natives of"
                            + " this platform (" + e.getMessage() + ")",
                    e);
        }
    }

    public static boolean cudaAvailable() {
        load();
        return torch.cuda_is_available();
    }

    /** How many threads one operation may use. Results repeat exactly for the same number of threads. */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new GraftException("threads: expected at least 1, got " + threads);
        }
        load();
        torch.set_num_threads(threads);
    }

    /** Seeds the generator that dropout draws from, on every device. */
    public static void seed(long seed) {
        load();
        torch.manual_seed(seed);
    }
}
