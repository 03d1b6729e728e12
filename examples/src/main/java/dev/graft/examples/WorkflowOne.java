package dev.graft.examples;

import dev.graft.data.ImageFolder;
import dev.graft.data.PictureSet;
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
import dev.graft.preprocessing.RandomFlip;
import dev.graft.preprocessing.RandomRotation;
import dev.graft.tensor.HostTensor;
import dev.graft.train.History;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Metrics;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.train.listen.ProgressBar;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The guide's end-to-end example, cats and dogs: a new head is trained on a frozen base that stands in the graph, then all
 * of it is fine-tuned at a very low learning rate.
 */
public final class WorkflowOne {
    private static final int BATCH = 16;

    private final PrintStream out;
    private final Batches training;
    private final Batches validation;
    private final Batches test;

    /** Pictures in three parts: to learn from, to choose the best epoch by, and to measure the result on. */
    private WorkflowOne(Path folder, Base base, PrintStream out) {
        Splits parts = ImageFolder.read(folder).split(0.2, 0.2, 42);
        this.out = out;
        this.training = dataset(parts.train(), base).shuffle(42).batch(BATCH).prefetch(4);
        this.validation = dataset(parts.validation(), base).batch(BATCH).prefetch(4);
        this.test = dataset(parts.testPart().orElseThrow(), base).batch(BATCH).prefetch(4);
        out.println("pictures: " + training.size() + " to learn from, " + validation.size() + " to validate and "
                + test.size() + " to test on");
    }

    private static Dataset dataset(PictureSet pictures, Base base) {
        return Dataset.ofPictures(pictures, base.geometry()).labels(Labels.BINARY);
    }

    public static void main(String[] arguments) {
        Example.start(WorkflowOne.class, arguments, WorkflowOne::run);
    }

    /** What both phases reached, and whether the statistics of batch normalisation are what they were. */
    record Result(Reached head, Reached fineTuning, boolean statisticsKept) {}

    /** What a phase reached; nothing was chosen by the test accuracy. */
    record Reached(History history, double testAccuracy) {}

    static Result run(ExampleOptions options, PrintStream out) {
        Base base = Base.of("xception", options, 224, out);
        Path folder = options.folderOr(temporary -> Drawings.twoShapes(temporary, 60, 96, 1));
        WorkflowOne workflow = new WorkflowOne(folder, base, out);
        Network network = build(base);
        Map<String, HostTensor> statistics = statistics(network);

        // First the head alone: its random weights would send the base large gradients, which destroy what it knows.
        network.layer("base").setTrainable(false);
        out.println(Summary.of(network));
        Reached head = workflow.train(network, Optimizer.adam(1e-3), Phase.of("head", options.epochs(5)));

        // Then everything, so slowly that the pretrained weights only adapt. What is trainable counts at compiling.
        network.layer("base").setTrainable(true);
        out.println(Summary.of(network));
        Reached fineTuning = workflow.train(network, Optimizer.adam(1e-5), Phase.of("fine-tuning", options.epochs(2)));

        boolean kept = statistics.equals(statistics(network));
        out.println("the " + statistics.size() + " means and variances of batch normalisation "
                + (kept ? "are what they were" : "HAVE MOVED"));
        return new Result(head, fineTuning, kept);
    }

    /** The random layers act in training only. They and the normalisation of pixels are part of the model. */
    private static Network build(Base base) {
        Model pretrained = base.model();
        Node input = Node.input(3, base.imageSize(), base.imageSize());
        Node pixels = input.then("flip", RandomFlip.horizontal())
                .then("rotation", RandomRotation.of(0.1))
                .then("normalization", base.pretrained().preprocessing());

        // In inference mode, also when it is unfrozen: its batch normalisation then keeps its statistics.
        Node features = pixels.then("base", pretrained.inInferenceMode());
        if (features.shape().rank() == 4) {
            features = features.then("pooling", GlobalAveragePooling2D.of());
        }
        Node output = features.then("dropout", Dropout.of(0.2)).then("prediction", Dense.of(1));

        Network network = Network.of(Model.of("cats_and_dogs", input, output), 42);
        network.layer("base").load(base.weightsOf(pretrained));
        return network;
    }

    /** The head has one output, a logit: above 0 means the second class. */
    private Reached train(Network network, Optimizer optimizer, Phase phase) {
        try (Trainer trainer =
                Trainer.compile(network, optimizer, Loss.binaryCrossEntropy(), Metric.binaryAccuracy())) {
            trainer.listen(ProgressBar.on(out));
            History history = trainer.fit(training, validation, phase);
            Metrics tested = trainer.evaluate(test);
            out.printf(
                    Locale.ROOT,
                    "accuracy after %s: %.3f in validation, %.3f in the test%n%n",
                    phase.name(),
                    history.best().get("binary_accuracy"),
                    tested.get("binary_accuracy"));
            return new Reached(history, tested.get("binary_accuracy"));
        }
    }

    private static Map<String, HostTensor> statistics(Network network) {
        Map<String, HostTensor> statistics = new LinkedHashMap<>(network.weights());
        statistics.keySet().removeIf(name -> !name.contains(".running_"));
        return statistics;
    }
}
