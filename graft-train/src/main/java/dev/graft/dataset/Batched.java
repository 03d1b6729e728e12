package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.preprocessing.BatchMixing;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The batches of a data set. Worker threads assemble them ahead of whoever takes them; what comes does not depend on
 * how many there are. A failure, such as a picture that cannot be read, reaches whoever takes the batch it belongs to.
 * Immutable: options give other batches. Readers must be closed, which ends their threads.
 */
public final class Batched implements Batches {
    private static final int LEAST_AHEAD = 2;
    private static final int AS_THREADS_NEED = -1;

    private final Dataset dataset;
    private final int batchSize;
    private final boolean dropRemainder;
    private final int prefetch;
    private final int threads;
    private final List<MappedBatches.BatchMap> maps;
    /** Of passes that ended: direct memory is taken once, since it is not freed in time. */
    private final Queue<BatchBuffers> spare = new ConcurrentLinkedQueue<>();

    private Batched(
            Dataset dataset,
            int batchSize,
            boolean dropRemainder,
            int prefetch,
            int threads,
            List<MappedBatches.BatchMap> maps) {
        if (batchSize < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "batch size and threads are at least 1, got " + batchSize + " and " + threads);
        }
        if (dropRemainder && dataset.size() < batchSize) {
            throw new GraftException("batch: " + dataset.size() + " examples make no whole batch of " + batchSize
                    + "; use smaller batches or keep the remainder");
        }
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.dropRemainder = dropRemainder;
        this.prefetch = prefetch;
        this.threads = threads;
        this.maps = List.copyOf(maps);
    }

    static Batched of(Dataset dataset, int batchSize) {
        return new Batched(dataset, batchSize, false, AS_THREADS_NEED, Dataset.THREADS, List.of());
    }

    /** Leaves out the last batch where it is smaller than the others. */
    public Batched dropRemainder() {
        return new Batched(dataset, batchSize, true, prefetch, threads, maps);
    }

    /**
     * How many batches are assembled ahead; memory is taken for one more. Unless said it is 2, and more where that is less
     * than there are threads to make examples. 0 makes each when it is asked for.
     */
    public Batched prefetch(int batches) {
        if (batches < 0) {
            throw new IllegalArgumentException("prefetch is at least 0, got " + batches);
        }
        return new Batched(dataset, batchSize, dropRemainder, batches, threads, maps);
    }

    /** How many threads make examples; as many as there are cores unless said. */
    public Batched threads(int count) {
        return new Batched(dataset, batchSize, dropRemainder, prefetch, count, maps);
    }

    /** Batches changed by a function, with seed 0. It may write into the batch it gets. */
    public Batched map(RandomFunction<Batch> function) {
        return map(function, 0);
    }

    /** {@inheritDoc} Worker threads do it, ahead of whoever takes the batches. */
    @Override
    public Batched map(RandomFunction<Batch> function, long seed) {
        return new Batched(
                dataset, batchSize, dropRemainder, prefetch, threads, MappedBatches.with(maps, function, seed));
    }

    @Override
    public Batched mix(BatchMixing mixing, long seed) {
        return map((batch, random) -> MappedBatches.mixed(batch, mixing, random), seed);
    }

    @Override
    public Batched oneHot(int classes) {
        return map((batch, random) -> MappedBatches.oneHot(batch, classes), 0);
    }

    /** The examples that the batches are made of. */
    public Dataset dataset() {
        return dataset;
    }

    @Override
    public int size() {
        return dropRemainder ? count() * batchSize : dataset.size();
    }

    @Override
    public int count() {
        return dropRemainder ? dataset.size() / batchSize : (dataset.size() - 1) / batchSize + 1;
    }

    @Override
    public Reader open(int epoch) {
        return new BatchPass(this, epoch, 0);
    }

    @Override
    public Reader open(int epoch, int passed) {
        return new BatchPass(this, epoch, passed);
    }

    int batchSize() {
        return batchSize;
    }

    int prefetch() {
        return prefetch == AS_THREADS_NEED ? Math.max(LEAST_AHEAD, 1 + (threads - 1) / batchSize) : prefetch;
    }

    int threads() {
        return threads;
    }

    List<MappedBatches.BatchMap> maps() {
        return maps;
    }

    BatchBuffers takeBuffers() {
        BatchBuffers buffers = spare.poll();
        return buffers == null ? new BatchBuffers() : buffers;
    }

    void giveBack(BatchBuffers buffers) {
        spare.add(buffers);
    }
}
