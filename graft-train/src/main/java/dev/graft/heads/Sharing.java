package dev.graft.heads;

import dev.graft.Workers;
import dev.graft.torch.Engine;
import dev.graft.torch.EngineUse;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a solver shares its work out to the threads of an engine. The products of a small problem are too short for that:
 * threads wait for each other, two took up to tenfold on a busy machine. Then each product has one thread, and the folds of a
 * cross-validation go side by side.
 */
final class Sharing implements AutoCloseable {
    /** Multiplications of one product. */
    private static final long WORTH_SHARING = 200_000_000L;

    private final Engine product;
    private final EngineUse use;
    private final @Nullable Workers workers;

    private Sharing(Engine product, @Nullable Workers workers) {
        this.product = product;
        this.use = product.use();
        this.workers = workers;
    }

    static Sharing of(FeatureTable table, Engine engine) {
        long product = (long) table.size() * table.width() * table.classes();
        return product > WORTH_SHARING || engine.threads() == 1
                ? new Sharing(engine, null)
                : new Sharing(engine.withThreads(1), new Workers(engine.threads()));
    }

    /** Does the parts of a task, side by side where that pays; what they give must not depend on their order. */
    void forEach(int count, IntConsumer part) {
        if (workers == null) {
            for (int i = 0; i < count; i++) {
                part.accept(i);
            }
        } else {
            workers.forEach(count, i -> {
                try (var computing = product.use()) {
                    part.accept(i);
                }
            });
        }
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
        use.close();
    }
}
