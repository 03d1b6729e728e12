package dev.graft.examples;

import dev.graft.data.InputGeometry;
import dev.graft.dataset.Batches;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.preprocessing.RandomFlip;
import dev.graft.preprocessing.RandomRotation;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.train.listen.ProgressBar;
import java.io.PrintStream;
import java.util.Locale;

/**
 * MobileNetV2 trained in part, in two ways from the same start and for as many epochs: (a) its classifier alone; (b) its
 * last convolutions as well, at a lower rate.
 */
public final class MobileNetV2Parts {
    private MobileNetV2Parts() {}

    /** The two networks, with the share of the test pictures that they get right. */
    record Result(Network classifierOnly, double classifierAccuracy, Network lastToo, double lastTooAccuracy) {}

    public static void main(String[] arguments) {
        Example.start(MobileNetV2Parts.class, arguments, MobileNetV2Parts::run);
    }

    static Result run(ExampleOptions options, PrintStream out) {
        int size = options.imageSize(112);
        int epochs = options.epochs(8);
        Base base = Base.of("mobilenet_v2", options, size, out);
        InputGeometry geometry = base.geometry();
        PictureParts pictures =
                PictureParts.read(options.folderOr(drawn -> Drawings.shapes(drawn, 60, 128, 1)), geometry, out);
        int classes = pictures.classes().size();

        out.println("(a) The classifier alone");
        Network classifierOnly = network(base, size, classes);
        classifierOnly.layer("base").setTrainable(false);
        double first = train(classifierOnly, Optimizer.adam(1e-3), pictures, epochs, out);

        // The last two of MobileNetV2's 19 stages of convolutions, and of the base that takes its place.
        String from = base.pretrained().name().equals("mobilenet_v2") ? "features.17" : "features.11";
        out.println("(b) The convolutions from " + from + " on too, at a tenth of the rate");
        Network lastToo = network(base, size, classes);
        lastToo.layer("base").setTrainable(false);
        lastToo.layer("base").from(from).setTrainable(true);
        double second = train(lastToo, Optimizer.adam(1e-3).group("base", 1e-4), pictures, epochs, out);

        out.println(String.format(Locale.ROOT, "Test accuracy: (a) %.3f, (b) %.3f", first, second));
        return new Result(classifierOnly, first, lastToo, second);
    }

    private static Network network(Base base, int size, int classes) {
        Model model = Model.sequential(
                "parts",
                Node.input(3, size, size),
                base.pretrained().preprocessing(),
                base.backbone().model().inInferenceMode().named("base"),
                Dropout.of(0.2),
                Dense.of(classes).named("classifier"));
        Network network = Network.of(model, 42);
        network.layer("base").load(base.weightsOf(base.backbone().model()));
        return network;
    }

    private static double train(
            Network network, Optimizer optimizer, PictureParts pictures, int epochs, PrintStream out) {
        out.println(network.parameters());
        Batches training = pictures.training()
                .shuffle(42)
                .mapInputs(RandomFlip.horizontal()::apply)
                .mapInputs(RandomRotation.of(0.05)::apply)
                .batch(16);
        try (Trainer trainer = Trainer.compile(network, optimizer, Loss.crossEntropy(), Metric.accuracy())) {
            trainer.listen(ProgressBar.on(out));
            trainer.fit(training, pictures.validation().batch(32), Phase.of(epochs));
            return trainer.evaluate(pictures.test().batch(32)).accuracy();
        }
    }
}
