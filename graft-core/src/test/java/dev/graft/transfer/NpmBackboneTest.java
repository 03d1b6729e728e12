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
import dev.graft.testing.NpmInception;
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

/** Google's Inception V3 out of npm's package, on photographs from outside the repository. */
class NpmBackboneTest {
    private static final Path SHARED = Path.of(System.getenv()
            .getOrDefault("GRAFT_SHARED", Path.of("..", "..", "shared").toString()));
    private static final Pretrained INCEPTION = Zoo.pretrained("inception_v3");

    /** The files are called by the number of their class among ImageNet's. */
    @Test
    void knowsMostOfTheSamplePhotographs() throws IOException {
        Path samples = SHARED.resolve("data/imagenet_samples");
        assumeTrue(Files.isDirectory(samples), "NOT TESTED, no sample photographs at " + samples);
        List<Picture> pictures = new ArrayList<>();
        try (Stream<Path> files = Files.list(samples)) {
            files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .forEach(file -> pictures.add(new Picture(
                            file, Integer.parseInt(file.getFileName().toString().substring(0, 3)))));
        }
        List<String> classes = INCEPTION.classes();
        Model model = INCEPTION.backbone(299).withTop(classes.size());
        Node input = Node.input(3, 299, 299);
        Network network = Network.of(
                Model.of(
                        "classifier",
                        input,
                        input.then(INCEPTION.preprocessing()).then("base", model)),
                1);
        network.layer("base").load(INCEPTION.load(model, NpmInception.file()));
        List<float[]> logits = Predictions.of(
                        network, Dataset.ofPictures(new PictureSet(classes, pictures), INCEPTION.geometry()))
                .rows();
        long right = IntStream.range(0, pictures.size())
                .filter(i -> Softmax.argmax(logits.get(i)) == pictures.get(i).label())
                .count();
        assertThat(pictures).hasSize(57);
        assertThat(right).isGreaterThanOrEqualTo(45);
    }

    /** Frozen activations stay below target: the pass over 500 large pictures is the better part of two minutes. */
    @Test
    void tellsCatsFromDogsAsAFrozenBackbone() {
        Path cache = Path.of("target", "cats_dogs");
        Path folder = SHARED.resolve("data/cats_dogs");
        assumeTrue(Files.isDirectory(folder), "NOT TESTED, no cats and dogs at " + folder);
        TransferSettings settings = TransferSettings.of(folder)
                .base(new TransferSettings.Base(INCEPTION.name(), NpmInception.file(), 0))
                .fineTuning(new TransferSettings.FineTuning(0, 1e-4, TransferSettings.AUTO))
                .cache(new TransferSettings.Cache(cache, true, TransferSettings.Cache.DEFAULT_CAP));
        TransferResult result = TransferRun.run(settings, event -> {}, () -> false);
        assertThat(Objects.requireNonNull(result.test()).accuracy()).isGreaterThanOrEqualTo(0.985);
    }
}
