package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.NativePlaces;
import dev.graft.ProcessEnd;
import dev.graft.Seeds;
import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** The state of libtorch that belongs to the process: the random seed, what devices there are. */
public final class Torch {
    private static volatile boolean loaded;

    private Torch() {}

    /**
     * Loads the native library; the first call unpacks it (some seconds), later ones cost nothing.
     *
     * @throws GraftException if there is no libtorch for this platform
     */
    public static void load() {
        // Asking JavaCPP costs a millisecond each time, and every scope asks.
        if (!loaded) {
            loadNatives();
        }
    }

    private static synchronized void loadNatives() {
        if (loaded) {
            return;
        }
        NativePlaces.prepareJavaCpp();
        try {
            // All are unpacked before the first is loaded: the linker would take one that is not there yet from the
            // system, and a libtorch of another version in the same process crashes.
            for (String extension : List.of("", "-gpu")) {
                Loader.cacheResources(torch.class, "/org/bytedeco/pytorch/" + Loader.getPlatform() + extension + "/");
            }
            Loader.load(torch.class);
            ProcessEnd.guard();
            loaded = true;
        } catch (IOException | LinkageError e) {
            throw NativePlaces.failure(
                    "libtorch",
                    e,
                    "Graft trains on linux-x86_64, macosx-arm64 and windows-x86_64; this is " + Loader.getPlatform()
                            + ", for which it must be built with the natives of this platform");
        }
    }

    public static boolean cudaAvailable() {
        load();
        return torch.cuda_is_available();
    }

    /** How many threads an operation that this thread calls may use; {@link EngineUse} alone decides that. */
    static void setThreads(int threads) {
        load();
        torch.set_num_threads(threads);
    }

    /** How many threads an operation that this thread calls may use. */
    static int threads() {
        load();
        return torch.get_num_threads();
    }

    /** libtorch does not pass its number on, and OpenBLAS' threads take their cores by spinning. */
    static void setBlasThreads(int threads) {
        load();
        // JavaCPP looks for the function in all libraries each time, which takes a millisecond.
        if (blasThreads() != threads) {
            openblas_nolapack.blas_set_num_threads(threads);
        }
    }

    /** What {@link #setBlasThreads} said last. */
    static int blasThreads() {
        return openblas_nolapack.blas_get_num_threads();
    }

    /**
     * Seeds for one step, as the trainer does: what is drawn then depends on nothing before it, so that a run can go on
     * from any step.
     *
     * @param epoch from 1
     * @param batch of the epoch, from 1
     */
    public static void seed(long seed, int epoch, int batch) {
        seed(Seeds.random(seed, epoch, batch).nextLong());
    }

    /** Seeds the generator that dropout draws from, on every device. */
    public static void seed(long seed) {
        load();
        torch.manual_seed(seed);
    }
}
