package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Seeds;
import dev.graft.preprocessing.BatchMixing;
import dev.graft.preprocessing.Mixture;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Batches that are changed as they are taken, by whoever takes them. */
record MappedBatches(Batches base, List<BatchMap> maps) implements Batches {
    /** A change of whole batches. */
    record BatchMap(RandomFunction<Batch> function, long seed) {}

    MappedBatches {
        maps = List.copyOf(maps);
    }

    @Override
    public int size() {
        return base.size();
    }

    @Override
    public int count() {
        return base.count();
    }

    @Override
    public Batches map(RandomFunction<Batch> function, long seed) {
        return new MappedBatches(base, with(maps, function, seed));
    }

    static List<BatchMap> with(List<BatchMap> maps, RandomFunction<Batch> function, long seed) {
        List<BatchMap> all = new ArrayList<>(maps);
        all.add(new BatchMap(function, seed));
        return all;
    }

    /**
     * A batch after all changes.
     *
     * @param number of the batch in its epoch, from 0
     */
    static Batch changed(Batch batch, List<BatchMap> maps, int epoch, int number) {
        Batch changed = batch;
        for (int i = 0; i < maps.size(); i++) {
            BatchMap map = maps.get(i);
            changed = map.function().apply(changed, Seeds.random(map.seed(), i, epoch, number));
        }
        return changed;
    }

    static Batch mixed(Batch batch, BatchMixing mixing, SplittableRandom random) {
        Mixture mixture =
                mixing.draw(batch.inputs().stream().map(HostTensor::shape).toList(), random);
        HostTensor weights = batch.weights();
        return new Batch(
                batch.inputs().stream().map(mixture::inputs).toList(),
                batch.targets().stream().map(mixture::targets).toList(),
                weights == null ? null : mixture.weights(weights));
    }

    static Batch oneHot(Batch batch, int classes) {
        HostTensor labels = batch.target();
        if (labels.shape().rank() != 1) {
            throw new GraftException("oneHot: expected class indices [N], got " + labels.shape() + "; leave it out");
        }
        HostTensor rows = HostTensor.allocate(Shape.of(batch.size(), classes));
        for (int i = 0; i < batch.size(); i++) {
            int label = (int) labels.get(i);
            if (label < 0 || label >= classes || label != labels.get(i)) {
                throw new GraftException("oneHot: expected a class from 0 to " + (classes - 1) + ", got "
                        + labels.get(i) + "; give the number of all classes");
            }
            rows.put(i * classes + label, 1);
        }
        return new Batch(batch.inputs(), List.of(rows), batch.weights());
    }

    @Override
    public Reader open(int epoch) {
        return open(epoch, 0);
    }

    @Override
    public Reader open(int epoch, int passed) {
        Reader reader = base.open(epoch, passed);
        return new Reader() {
            private int number = passed;

            @Override
            public @Nullable Batch next() {
                Batch batch = reader.next();
                return batch == null ? null : changed(batch, maps, epoch, number++);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
