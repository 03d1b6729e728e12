package dev.graft.train;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/** Networks and examples that train in milliseconds. */
final class Tiny {
    static final Shape PICTURE = Shape.of(2, 4, 4);

    private Tiny() {}

    /** Two convolutions with batch normalisation and a head over two classes; pictures of {@link #PICTURE}. */
    static Model convolutions() {
        Node input = Node.input(2, 4, 4);
        Node output = input.then("first", Conv2D.of(4, 3).padding(1).noBias())
                .then("first_norm", BatchNormalization.of(1e-3))
                .then("first_relu", Activation.relu())
                .then("second", Conv2D.of(4, 3).padding(1).noBias())
                .then("second_norm", BatchNormalization.of(1e-3))
                .then("pool", GlobalAveragePooling2D.of())
                .then("head", Dense.of(2));
        return Model.of("tiny", input, output);
    }

    /** One linear layer over four numbers. */
    static Network linear(int units, long seed) {
        Node input = Node.input(4);
        return Network.of(Model.of("linear", input, input.then("head", Dense.of(units))), seed);
    }

    /** Pictures whose class is the channel that is brighter, with noise. */
    static MemoryBatches pictures(int count, int batchSize, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] examples = new float[count][32];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            for (int j = 0; j < 32; j++) {
                boolean bright = j / 16 == labels[i];
                examples[i][j] = (float) (random.nextDouble() * 2 - 1 + (bright ? 1 : 0));
            }
        }
        return new MemoryBatches(examples, labels, PICTURE, batchSize);
    }

    /** Four numbers whose first says the class. */
    static MemoryBatches vectors(int count, int batchSize, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] examples = new float[count][4];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            for (int j = 0; j < 4; j++) {
                examples[i][j] = (float) (random.nextDouble() - 0.5);
            }
            examples[i][0] += labels[i] == 0 ? -1 : 1;
        }
        return new MemoryBatches(examples, labels, Shape.of(4), batchSize);
    }

    /** The same examples with the label of each {@code period}-th one, counted in pairs of classes, turned round. */
    static MemoryBatches mislabelled(MemoryBatches batches, int period) {
        return batches.relabelled(i -> i / 2 % period == 0 ? 1 - batches.label(i) : batches.label(i));
    }

    /** A network's weights at one moment. */
    record Snapshot(Map<String, float[]> weights) {
        static Snapshot of(Network network) {
            Map<String, float[]> copies = new LinkedHashMap<>();
            network.weights().forEach((name, weight) -> copies.put(name, weight.toArray()));
            return new Snapshot(copies);
        }

        float[] get(String name) {
            return Objects.requireNonNull(weights.get(name));
        }

        /** The names of the weights of which any bit is another now. */
        Set<String> moved(Network network) {
            Set<String> moved = new LinkedHashSet<>();
            weights.forEach((name, before) -> {
                HostTensor now = network.weight(name);
                if (!now.sameBits(HostTensor.of(now.shape(), before))) {
                    moved.add(name);
                }
            });
            return moved;
        }
    }
}
