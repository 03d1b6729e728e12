package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.dataset.Dataset;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.report.Softmax;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keras' MobileNetV2 from its own file, on photographs from outside the repository. */
class KerasBackboneTest {
    private static final int CLASSES = 1000;

    private static final Path SHARED = Path.of(System.getenv()
            .getOrDefault("GRAFT_SHARED", Path.of("..", "..", "shared").toString()));
    private static final Path WEIGHTS = SHARED.resolve("weights/mobilenet_v2_imagenet_keras.h5");
    private static final Pretrained KERAS = Zoo.pretrained("mobilenet_v2_keras");

    /** The files are called by the number of their class among ImageNet's. */
    @Test
    void knowsMostOfTheSamplePhotographs() throws IOException {
        Path samples = SHARED.resolve("data/imagenet_samples");
        assumeTrue(
                Files.isDirectory(samples) && Files.exists(WEIGHTS), "NOT TESTED, no sample photographs at " + SHARED);
        List<Picture> pictures = new ArrayList<>();
        try (Stream<Path> files = Files.list(samples)) {
            files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .forEach(file -> pictures.add(new Picture(
                            file, Integer.parseInt(file.getFileName().toString().substring(0, 3)))));
        }
        List<String> classes =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        Model model = KERAS.backbone(224).withTop(CLASSES);
        Node input = Node.input(3, 224, 224);
        Network network = Network.of(
                Model.of("classifier", input, input.then(KERAS.preprocessing()).then("base", model)), 1);
        network.layer("base").load(KERAS.load(model, WEIGHTS));
        List<float[]> logits = Predictions.of(
                        network, Dataset.ofPictures(new PictureSet(classes, pictures), KERAS.geometry()))
                .rows();
        long right = IntStream.range(0, pictures.size())
                .filter(i -> Softmax.argmax(logits.get(i)) == pictures.get(i).label())
                .count();
        assertThat(pictures).hasSize(57);
        assertThat(right).isGreaterThanOrEqualTo(51);
    }

    @Test
    void tellsCatsFromDogsAsAFrozenBackbone(@TempDir Path cache) {
        Path folder = SHARED.resolve("data/cats_dogs");
        assumeTrue(Files.isDirectory(folder) && Files.exists(WEIGHTS), "NOT TESTED, no cats and dogs at " + SHARED);
        TransferSettings settings = TransferSettings.of(folder)
                .base(new TransferSettings.Base(KERAS.name(), WEIGHTS, 0))
                .fineTuning(new TransferSettings.FineTuning(0, 1e-4, TransferSettings.AUTO))
                .cache(new TransferSettings.Cache(cache, true, TransferSettings.Cache.DEFAULT_CAP));
        TransferResult result = TransferRun.run(settings, event -> {}, () -> false);
        assertThat(Objects.requireNonNull(result.test()).accuracy()).isGreaterThanOrEqualTo(0.985);
    }
}
