package dev.graft.examples;

import dev.graft.data.InputGeometry;
import dev.graft.dataset.Batches;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.ParameterCount;
import dev.graft.preprocessing.RandomFlip;
import dev.graft.preprocessing.RandomZoom;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Schedule;
import dev.graft.train.Trainer;
import dev.graft.train.listen.ProgressBar;
import dev.graft.zoo.Zoo;
import java.io.PrintStream;
import java.util.Locale;

/**
 * ResNet-18 with a new last layer, {@code fc}, in the two ways of torch's transfer-learning tutorial: as a fixed feature
 * extractor, where only {@code fc} trains; and fine-tuned as a whole.
 */
public final class ResNetNewHead {
    private ResNetNewHead() {}

    /** The two networks, with the share of the test pictures that they get right. */
    record Result(Network fixed, double fixedAccuracy, Network fineTuned, double fineTunedAccuracy) {}

    public static void main(String[] arguments) {
        Example.start(ResNetNewHead.class, arguments, ResNetNewHead::run);
    }

    /** Of ResNet-18 itself, which can be drawn and counted without its weights. */
    static ParameterCount withTenClasses() {
        Network network = Network.of(Zoo.pretrained("resnet18").backbone(224).withTop(10), 42);
        network.setTrainable(false);
        network.layer("fc").setTrainable(true);
        return network.parameters();
    }

    static Result run(ExampleOptions options, PrintStream out) {
        out.println("ResNet-18 with a new fc for ten classes, all else frozen: " + withTenClasses());

        int size = options.imageSize(112);
        int epochs = options.epochs(10);
        Base base = Base.of("resnet18", options, size, out);
        InputGeometry geometry = base.geometry();
        PictureParts pictures =
                PictureParts.read(options.folderOr(drawn -> Drawings.shapes(drawn, 60, 128, 1)), geometry, out);

        out.println("(a) Fixed feature extractor: only fc trains");
        Network fixed = withNewHead(base, size, pictures.classes().size());
        fixed.setTrainable(false);
        fixed.layer("fc").setTrainable(true);
        double fixedAccuracy = train(fixed, pictures, epochs, out);

        out.println("(b) Fine-tuning: everything trains, from the pretrained weights on");
        Network fineTuned = withNewHead(base, size, pictures.classes().size());
        double fineTunedAccuracy = train(fineTuned, pictures, epochs, out);
        return new Result(fixed, fixedAccuracy, fineTuned, fineTunedAccuracy);
    }

    /**
     * The base is called without a pinned mode, as in the tutorial: where it trains, its batch normalisation uses the
     * batch and its statistics follow the new pictures. Where it is frozen it keeps them, which torch leaves to you.
     */
    private static Network withNewHead(Base base, int size, int classes) {
        Model model = Model.sequential(
                "new_head",
                Node.input(3, size, size),
                base.pretrained().preprocessing(),
                base.backbone().model().named("base"),
                Dense.of(classes).named("fc"));
        Network network = Network.of(model, 42);
        network.layer("base").load(base.weightsOf(base.backbone().model()));
        return network;
    }

    /** The tutorial's recipe: gradient descent with momentum, a tenth of the rate after every seven epochs. */
    private static double train(Network network, PictureParts pictures, int epochs, PrintStream out) {
        out.println(network.parameters());
        Batches training = pictures.training()
                .shuffle(42)
                .mapInputs(RandomFlip.horizontal()::apply)
                .mapInputs(RandomZoom.of(0.2)::apply)
                .batch(8);
        Batches validation = pictures.validation().batch(32);
        Batches test = pictures.test().batch(32);
        Phase phase = Phase.of(epochs).schedule(Schedule.steps(7, 0.1));
        try (Trainer trainer =
                Trainer.compile(network, Optimizer.sgd(1e-3, 0.9), Loss.crossEntropy(), Metric.accuracy())) {
            trainer.listen(ProgressBar.on(out)).fit(training, validation, phase);
            double accuracy = trainer.evaluate(test).accuracy();
            out.println(String.format(Locale.ROOT, "Test accuracy: %.3f", accuracy));
            return accuracy;
        }
    }
}
