package dev.graft.examples;

import dev.graft.data.InputGeometry;
import dev.graft.dataset.Batches;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Part;
import dev.graft.preprocessing.RandomFlip;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.train.listen.ProgressBar;
import java.io.PrintStream;
import java.util.Locale;

/**
 * EfficientNetV2-S on small pictures such as CIFAR-10, in two phases: a new head on the frozen base; then the base as well,
 * at a low rate, but for its first 100 layers.
 */
public final class EfficientNetOnCifar {
    /** Of the layers of EfficientNetV2-S; the first find edges and colours, which pictures of all kinds have. */
    private static final int KEPT_FROZEN = 100;

    private static final int LAYERS = 543;

    private EfficientNetOnCifar() {}

    /** The network as it is in the end, and the share of the test pictures that were right after each phase. */
    record Result(Network network, Part keptFrozen, double headAccuracy, double fineTunedAccuracy) {}

    public static void main(String[] arguments) {
        Example.start(EfficientNetOnCifar.class, arguments, EfficientNetOnCifar::run);
    }

    static Result run(ExampleOptions options, PrintStream out) {
        int size = options.imageSize(128);
        int epochs = options.epochs(8);
        Base base = Base.of("efficientnet_v2_s", options, size, out);

        // The base halves its input five times, which would leave one pixel of 32: the pictures are enlarged first.
        InputGeometry enlarged = InputGeometry.stretch(size);
        PictureParts pictures =
                PictureParts.read(options.folderOr(drawn -> Drawings.shapes(drawn, 100, 32, 1)), enlarged, out);
        Batches training = pictures.training()
                .shuffle(42)
                .mapInputs(RandomFlip.horizontal()::apply)
                .batch(32);
        Batches validation = pictures.validation().batch(32);
        Batches test = pictures.test().batch(32);

        // In inference mode the base keeps its batch statistics, also when it is unfrozen.
        Model model = Model.sequential(
                "small_pictures",
                Node.input(3, size, size),
                base.pretrained().preprocessing(),
                base.backbone().model().inInferenceMode().named("base"),
                Dropout.of(0.2),
                Dense.of(pictures.classes().size()).named("head"));
        Network network = Network.of(model, 42);
        Part backbone = network.layer("base");
        backbone.load(base.weightsOf(base.backbone().model()));

        backbone.setTrainable(false);
        out.println("Phase 1, the head on the frozen base: " + network.parameters());
        double afterHead;
        try (Trainer trainer = compile(network, 1e-3, out)) {
            trainer.fit(training, validation, Phase.of("head", epochs).stopAfter(3));
            afterHead = testAccuracy(trainer, test, out);
        }

        backbone.setTrainable(true);
        int layers = backbone.layerNames().size();
        Part first = backbone.layers(0, keptFrozen(layers));
        first.setTrainable(false);
        out.println("Phase 2, the base too, but for its first " + keptFrozen(layers) + " layers of " + layers + ": "
                + network.parameters());
        try (Trainer trainer = compile(network, 1e-4, out)) {
            trainer.fit(training, validation, Phase.of("fine-tuning", epochs).stopAfter(3));
            return new Result(network, first, afterHead, testAccuracy(trainer, test, out));
        }
    }

    /** 100 layers of EfficientNetV2-S, and the same share of a base that takes its place. */
    static int keptFrozen(int layers) {
        return KEPT_FROZEN * layers / LAYERS;
    }

    /** Once a phase: what is trainable is read here. */
    private static Trainer compile(Network network, double learningRate, PrintStream out) {
        return Trainer.compile(network, Optimizer.adam(learningRate), Loss.crossEntropy(), Metric.accuracy())
                .listen(ProgressBar.on(out));
    }

    private static double testAccuracy(Trainer trainer, Batches test, PrintStream out) {
        double accuracy = trainer.evaluate(test).accuracy();
        out.println(String.format(Locale.ROOT, "Test accuracy: %.3f", accuracy));
        return accuracy;
    }
}
