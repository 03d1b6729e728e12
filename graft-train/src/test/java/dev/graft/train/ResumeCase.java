package dev.graft.train;

import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.dataset.Dataset;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import java.util.SplittableRandom;

/** Short phases that have, between them, everything that must be kept to go on with one. */
enum ResumeCase {
    ADAM_COSINE(Optimizer.adam(0.02), Phase.of(3).schedule(Schedule.cosine().warmUp(5))),
    ADAM_W_MEANS(
            Optimizer.adamW(0.02).group("head", 0.05, 0).clipNorm(0.5),
            Phase.of("fine-tune", 3).ema(0.8).accumulate(2).monitor("val_auc")),
    SGD_PLATEAU(
            Optimizer.sgd(0.1, 0.9).nesterov().weightDecay(0.01),
            Phase.of(4).leastGain(0.5).reduceOnPlateau(0.5, 1).stopAfter(3)),
    RMSPROP(
            Optimizer.rmsProp(0.01).momentum(0.5).centered(),
            Phase.of(3).accumulate(3).schedule(Schedule.oneCycle())),
    PLAIN_SGD(Optimizer.sgd(0.1).clipValue(0.05), Phase.of(2));

    private final Optimizer optimizer;
    private final Phase phase;

    ResumeCase(Optimizer optimizer, Phase phase) {
        this.optimizer = optimizer;
        this.phase = phase;
    }

    Phase phase() {
        return phase;
    }

    /** A frozen stem whose normalisation is folded, one whose statistics move, and dropout. */
    static Network network(long seed) {
        Node input = Node.input(2, 4, 4);
        Node output = input.then("stem", Conv2D.of(4, 3).padding(1).noBias())
                .then("stem_norm", BatchNormalization.of(1e-3))
                .then("stem_relu", Activation.relu())
                .then("body", Conv2D.of(6, 3).padding(1).noBias())
                .then("body_norm", BatchNormalization.of(1e-3))
                .then("body_relu", Activation.relu())
                .then("pool", GlobalAveragePooling2D.of())
                .then("drop", Dropout.of(0.3))
                .then("head", Dense.of(2));
        Network network = Network.of(Model.of("resumed", input, output), seed);
        network.layer("stem").setTrainable(false);
        network.layer("stem_norm").setTrainable(false);
        return network;
    }

    Trainer trainer(Network network) {
        return trainer(network, optimizer);
    }

    static Trainer trainer(Network network, Optimizer optimizer) {
        return Trainer.on(Engines.ONE_THREAD)
                .compile(
                        network,
                        optimizer,
                        Loss.crossEntropy(),
                        Metric.accuracy(),
                        Metric.auc(),
                        Metric.precision(),
                        Metric.f1(),
                        Metric.meanAbsoluteError())
                .seed(11)
                .classWeights(ClassWeights.of(1, 1.5));
    }

    /** Seven batches in another order each epoch, each example changed at random; the last batch is smaller. */
    static Batches training() {
        return training(4);
    }

    static Batches training(int batchSize) {
        return examples(27, 1)
                .shuffle(5)
                .mapInputs(ResumeCase::jitter, 6)
                .batch(batchSize)
                .threads(1);
    }

    static Batches validation() {
        return examples(10, 2).batch(4).threads(1);
    }

    private static HostTensor jitter(HostTensor picture, SplittableRandom random) {
        HostTensor changed = HostTensor.of(picture.shape(), picture.toArray());
        for (int i = 0; i < changed.elements(); i++) {
            changed.put(i, changed.get(i) + (float) random.nextDouble());
        }
        return changed;
    }

    private static Dataset examples(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        HostTensor pictures = HostTensor.allocate(Shape.of(count, 2, 4, 4));
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(2);
            for (int j = 0; j < 32; j++) {
                pictures.put(i * 32 + j, (float) random.nextDouble() + (j / 16 == labels[i] ? 0.3f : 0));
            }
        }
        return Dataset.ofArrays(pictures, labels);
    }
}
