package dev.graft.train;

import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Examples in memory, always in the same order. */
final class MemoryBatches implements Batches {
    private final float[][] examples;
    private final int[] labels;
    private final Shape item;
    private final int batchSize;

    /**
     * Batches of examples.
     *
     * @param examples the numbers of each, in the shape {@code item}, which leaves out the batch
     */
    MemoryBatches(float[][] examples, int[] labels, Shape item, int batchSize) {
        this.examples = examples;
        this.labels = labels;
        this.item = item;
        this.batchSize = batchSize;
    }

    /** The same examples with other labels. */
    MemoryBatches relabelled(IntUnaryOperator labelOf) {
        return new MemoryBatches(
                examples, IntStream.range(0, labels.length).map(labelOf).toArray(), item, batchSize);
    }

    int label(int index) {
        return labels[index];
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int count() {
        return (labels.length + batchSize - 1) / batchSize;
    }

    @Override
    public Reader open(int epoch) {
        return new Pass();
    }

    private final class Pass implements Reader {
        private int position;

        @Override
        public @Nullable Batch next() {
            int end = Math.min(labels.length, position + batchSize);
            if (position == end) {
                return null;
            }
            int[] sizes = item.sizes();
            int[] batched = new int[sizes.length + 1];
            batched[0] = end - position;
            System.arraycopy(sizes, 0, batched, 1, sizes.length);
            HostTensor inputs = HostTensor.allocate(new Shape(batched));
            var values = inputs.values();
            for (int i = position; i < end; i++) {
                values.put(examples[i]);
            }
            Batch batch = Batch.labelled(List.of(inputs), Arrays.copyOfRange(labels, position, end));
            position = end;
            return batch;
        }

        @Override
        public void close() {}
    }
}
