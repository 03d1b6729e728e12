package dev.graft.examples;

import dev.graft.data.ImageFolder;
import dev.graft.data.Splits;
import dev.graft.dataset.Batches;
import dev.graft.dataset.Dataset;
import dev.graft.dataset.Labels;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Summary;
import dev.graft.tensor.HostTensor;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Metrics;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.train.listen.ProgressBar;
import dev.graft.transfer.features.Features;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The guide's second workflow: the frozen base runs once over the pictures, and a small model is trained on what it gave, in
 * seconds. It is faster than the first workflow, and leaves no room for pictures that change at random. For prediction both
 * are joined into one network.
 */
public final class WorkflowTwo {
    private static final int BATCH = 16;

    private WorkflowTwo() {}

    public static void main(String[] arguments) {
        Example.start(WorkflowTwo.class, arguments, WorkflowTwo::run);
    }

    /** Logits of the validation pictures, from the small model on recorded features and from the joined network. */
    record Result(Metrics reached, HostTensor apart, HostTensor joined) {}

    static Result run(ExampleOptions options, PrintStream out) {
        Base base = Base.of("xception", options, 224, out);
        Path folder = options.folderOr(temporary -> Drawings.twoShapes(temporary, 60, 96, 1));
        Splits parts = ImageFolder.read(folder).split(0.2, 0, 42);
        Dataset training = Dataset.ofPictures(parts.train(), base.geometry()).labels(Labels.BINARY);
        Dataset validation =
                Dataset.ofPictures(parts.validation(), base.geometry()).labels(Labels.BINARY);

        // 1. Run the base over the pictures and keep what it gives.
        Network extractor = extractor(base);
        long start = System.nanoTime();
        Dataset trainingFeatures = Features.of(extractor, training);
        Dataset validationFeatures = Features.of(extractor, validation);
        out.printf(
                Locale.ROOT,
                "%d pictures have become features %s, in %.1f seconds%n",
                training.size() + validation.size(),
                trainingFeatures.get(0).input().shape(),
                (System.nanoTime() - start) / 1e9);

        // 2. Train a small model on that.
        Node features = Node.input(trainingFeatures.get(0).input().shape().sizes());
        Model head = Model.sequential("head", features, Dropout.of(0.2), Dense.of(1));
        Network small = Network.of(head, 42);
        HostTensor apart;
        try (Trainer trainer =
                Trainer.compile(small, Optimizer.adam(1e-3), Loss.binaryCrossEntropy(), Metric.binaryAccuracy())) {
            trainer.listen(ProgressBar.on(out));
            Batches batches = trainingFeatures.shuffle(42).batch(BATCH);
            trainer.fit(batches, validationFeatures.batch(BATCH), Phase.of(options.epochs(20)));
            apart = trainer.predict(validationFeatures.batch(BATCH));
        }

        // 3. Join both into one network, from pixels to predictions, and copy the weights into it.
        Node pixels = Node.input(3, base.imageSize(), base.imageSize());
        Node prediction = pixels.then("features", extractor.model()).then("head", head);
        Network joined = Network.of(Model.of("joined", pixels, prediction), 42);
        joined.layer("features").setWeights(extractor.layers().getWeights());
        joined.layer("head").setWeights(small.layers().getWeights());
        out.println(Summary.of(joined));
        try (Trainer trainer =
                Trainer.compile(joined, Optimizer.adam(1e-5), Loss.binaryCrossEntropy(), Metric.binaryAccuracy())) {
            Metrics reached = trainer.evaluate(validation.batch(BATCH));
            out.printf(
                    Locale.ROOT,
                    "accuracy of the joined network on the validation pictures: %.3f%n",
                    reached.get("binary_accuracy"));
            return new Result(reached, apart, trainer.predict(validation.batch(BATCH)));
        }
    }

    /** From pixels to features {@code [N, units]}. */
    private static Network extractor(Base base) {
        Model pretrained = base.model();
        Node input = Node.input(3, base.imageSize(), base.imageSize());
        Node features = input.then("normalization", base.pretrained().preprocessing())
                .then("base", pretrained.inInferenceMode());
        if (features.shape().rank() == 4) {
            features = features.then("pooling", GlobalAveragePooling2D.of());
        }
        Network extractor = Network.of(Model.of("features", input, features), 42);
        extractor.layer("base").load(base.weightsOf(pretrained));
        return extractor;
    }
}
