package dev.graft.examples;

import dev.graft.data.ImageFolder;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import dev.graft.dataset.Dataset;
import dev.graft.dataset.Labels;
import dev.graft.layers.Activation;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Flatten;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.train.History;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.train.listen.ProgressBar;
import dev.graft.transfer.features.Features;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Bottleneck features, the way of 2016 ("Building powerful image classification models using very little data"): VGG16's last
 * feature map is recorded once, flattened as it is, and two dense layers learn from it, the last one with a sigmoid.
 */
public final class BottleneckFeatures {
    private BottleneckFeatures() {}

    public static void main(String[] arguments) {
        Example.start(BottleneckFeatures.class, arguments, BottleneckFeatures::run);
    }

    static History run(ExampleOptions options, PrintStream out) {
        Base base = Base.of("vgg16", options, 160, out);
        Path folder = options.folderOr(temporary -> Drawings.twoShapes(temporary, 60, 96, 1));
        Splits parts = ImageFolder.read(folder).split(0.2, 0, 42);

        Model pretrained = base.backbone().withoutTop();
        Node input = Node.input(3, base.imageSize(), base.imageSize());
        Node map =
                input.then("normalization", base.pretrained().preprocessing()).then("base", pretrained);
        Network extractor = Network.of(Model.of("bottleneck", input, map), 42);
        extractor.layer("base").load(base.weightsOf(pretrained));
        Dataset training = recorded(extractor, parts.train(), base);
        Dataset validation = recorded(extractor, parts.validation(), base);
        out.println(training.size() + " pictures to learn from and " + validation.size()
                + " to validate on have become feature maps " + map.shape());

        Network top = Network.of(
                Model.sequential(
                        "top",
                        Node.input(map.shape()),
                        new Flatten(),
                        Dense.of(256),
                        Activation.relu(),
                        Dropout.of(0.5),
                        Dense.of(1),
                        Activation.of(Activation.Kind.SIGMOID)),
                42);
        // The network ends with a sigmoid, so the loss is told that it gets probabilities.
        Loss loss = Loss.binaryCrossEntropy().fromProbabilities();
        try (Trainer trainer = Trainer.compile(top, Optimizer.rmsProp(1e-4), loss, Metric.accuracy())) {
            trainer.listen(ProgressBar.on(out));
            return trainer.fit(training.shuffle(42).batch(16), validation.batch(16), Phase.of(options.epochs(10)));
        }
    }

    private static Dataset recorded(Network extractor, PictureSet pictures, Base base) {
        return Features.of(
                extractor, Dataset.ofPictures(pictures, base.geometry()).labels(Labels.BINARY));
    }
}
