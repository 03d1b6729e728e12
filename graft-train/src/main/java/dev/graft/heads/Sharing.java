package dev.graft.heads;

import dev.graft.Workers;
import dev.graft.torch.Torch;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a solver shares its work out to the threads that libtorch was given. The products of a small problem are too short
 * for that: threads wait for each other, two took up to tenfold on a busy machine. Then each product has one thread, and
 * the folds of a cross-validation go side by side.
 */
final class Sharing implements AutoCloseable {
    /** Multiplications of one product. */
    private static final long WORTH_SHARING = 200_000_000L;

    private final int threads;
    private final @Nullable Workers workers;

    private Sharing(int threads, @Nullable Workers workers) {
        this.threads = threads;
        this.workers = workers;
    }

    static Sharing of(FeatureTable table) {
        int threads = Torch.threads();
        long product = (long) table.size() * table.width() * table.classes();
        if (product > WORTH_SHARING || threads == 1) {
            return new Sharing(threads, null);
        }
        Torch.setThreads(1);
        return new Sharing(threads, new Workers(threads));
    }

    /** Does the parts of a task, side by side where that pays; what they give must not depend on their order. */
    void forEach(int count, IntConsumer part) {
        if (workers == null) {
            for (int i = 0; i < count; i++) {
                part.accept(i);
            }
        } else {
            workers.forEach(count, i -> {
                // libtorch keeps it by thread.
                Torch.setThreads(1);
                part.accept(i);
            });
        }
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.close();
            Torch.setThreads(threads);
        }
    }
}
