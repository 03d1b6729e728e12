package dev.graft.transfer.features;

import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Batches of boundary values: what the part of the network after the frozen prefix is trained on. */
public final class FeatureBatches implements Batches {
    private final List<IndexedPicture> pictures;
    private final List<View> views;
    private final List<Shape> shapes;
    private final FeatureSource source;
    private final Workers workers;
    private final EpochOrder order;
    private final @Nullable ToDoubleFunction<Picture> weight;
    /** Of a full batch, in direct memory that libtorch reads; taken once, since direct memory is not freed in time. */
    private final List<HostTensor> buffers;

    /**
     * Batches over pictures.
     *
     * @param views what is rotated through from epoch to epoch
     * @param shapes of the boundary values, with the batch open
     * @param weight how much a picture counts, or null where all count alike
     */
    public FeatureBatches(
            List<IndexedPicture> pictures,
            List<View> views,
            List<Shape> shapes,
            FeatureSource source,
            Workers workers,
            EpochOrder order,
            @Nullable ToDoubleFunction<Picture> weight) {
        this.weight = weight;
        this.pictures = pictures;
        this.views = views;
        this.shapes = shapes;
        this.source = source;
        this.workers = workers;
        this.order = order;
        this.buffers = shapes.stream()
                .map(shape -> HostTensor.allocate(shape.withBatch(order.batchSize())))
                .toList();
    }

    @Override
    public int size() {
        return order.size(pictures.size());
    }

    @Override
    public int count() {
        return order.count(pictures.size());
    }

    @Override
    public Reader open(int epoch) {
        return open(epoch, 0);
    }

    @Override
    public Reader open(int epoch, int passed) {
        return new Pass(epoch, passed);
    }

    private final class Pass implements Reader {
        private final int epoch;
        private final int[] sequence;
        private int position;

        Pass(int epoch, int passed) {
            this.epoch = epoch;
            this.sequence = order.of(pictures.size(), epoch);
            this.position =
                    Math.min(sequence.length, (int) Math.min(Integer.MAX_VALUE, (long) passed * order.batchSize()));
        }

        @Override
        public @Nullable Batch next() {
            int size = Math.min(order.batchSize(), sequence.length - position);
            if (size <= 0) {
                return null;
            }
            List<HostTensor> inputs = new ArrayList<>();
            for (int i = 0; i < buffers.size(); i++) {
                inputs.add(rows(buffers.get(i), 0, shapes.get(i).withBatch(size)));
            }
            int[] labels = new int[size];
            int from = position;
            IntConsumer fill = row -> labels[row] = fill(sequence[from + row], row, inputs);
            if (source.quick()) {
                for (int row = 0; row < size; row++) {
                    fill.accept(row);
                }
            } else {
                workers.forEach(size, fill);
            }
            position += size;
            Batch batch = Batch.labelled(inputs, labels);
            return weight == null ? batch : new Batch(inputs, batch.targets(), weights(weight, from, size));
        }

        private HostTensor weights(ToDoubleFunction<Picture> of, int from, int size) {
            HostTensor weights = HostTensor.allocate(Shape.of(size));
            for (int row = 0; row < size; row++) {
                weights.put(row, (float)
                        of.applyAsDouble(pictures.get(sequence[from + row]).picture()));
            }
            return weights;
        }

        private int fill(int index, int row, List<HostTensor> inputs) {
            IndexedPicture picture = pictures.get(index);
            View view = views.get((epoch + index) % views.size());
            List<HostTensor> rows = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                rows.add(rows(inputs.get(i), row, shapes.get(i).withBatch(1)));
            }
            try {
                source.read(picture, view, rows);
            } catch (UnreadablePictureException e) {
                throw IndexedPicture.changed(new Skipped(picture.picture().path(), e.reason()), e);
            }
            return picture.picture().label();
        }

        /** A view of as many rows of the batch as {@code shape} has, from one on. */
        private static HostTensor rows(HostTensor batch, int first, Shape shape) {
            int from = Math.toIntExact(first * shape.itemElements());
            return new HostTensor(shape, batch.values().slice(from, (int) shape.elements()));
        }

        @Override
        public void close() {}
    }
}
