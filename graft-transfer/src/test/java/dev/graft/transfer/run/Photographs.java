package dev.graft.transfer.run;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.dataset.Dataset;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.report.Softmax;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.features.Predictions;
import dev.graft.zoo.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Photographs from outside the repository, and how pretrained networks do on them. Where they are absent, tests skip. */
final class Photographs {
    static final Path SHARED = Path.of(System.getenv()
            .getOrDefault("GRAFT_SHARED", Path.of("..", "..", "shared").toString()));

    private static final int SOME = 60;

    private Photographs() {}

    /** The sample photographs, whose files are called by the number of their class among ImageNet's. */
    static List<Picture> samples() throws IOException {
        Path samples = SHARED.resolve("data/imagenet_samples");
        assumeTrue(Files.isDirectory(samples), "NOT TESTED, no sample photographs at " + samples);
        List<Picture> pictures = new ArrayList<>();
        try (Stream<Path> files = Files.list(samples)) {
            files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .forEach(file -> pictures.add(new Picture(
                            file, Integer.parseInt(file.getFileName().toString().substring(0, 3)))));
        }
        return pictures;
    }

    /** How many of them the published classifier gets right. */
    static long right(List<Picture> pictures, Pretrained pretrained, Path weights) {
        List<String> classes = pretrained.classes();
        int size = pretrained.geometry().size();
        Model model = pretrained.backbone(size).withTop(classes.size());
        Node input = Node.input(3, size, size);
        Node logits = input.then(pretrained.preprocessing()).then("base", model);
        Network network = Network.of(Model.of("classifier", input, logits), 1);
        network.layer("base").load(pretrained.load(model, weights));
        List<float[]> rows = Predictions.of(
                        network, Dataset.ofPictures(new PictureSet(classes, pictures), pretrained.geometry()))
                .rows();
        return IntStream.range(0, pictures.size())
                .filter(i -> Softmax.argmax(rows.get(i)) == pictures.get(i).label())
                .count();
    }

    /** How a head on the frozen backbone tells cats from dogs: the share of the test pictures that are right. */
    static double catsAndDogs(Pretrained pretrained, Path weights, Path cache) {
        return catsAndDogs(catsAndDogs(), pretrained, weights, cache);
    }

    private static Path catsAndDogs() {
        Path folder = SHARED.resolve("data/cats_dogs");
        assumeTrue(Files.isDirectory(folder), "NOT TESTED, no cats and dogs at " + folder);
        return folder;
    }

    /** The same on some of them, for a backbone that takes its time. */
    static double someCatsAndDogs(Pretrained pretrained, Path weights, Path work) throws IOException {
        Path all = catsAndDogs();
        for (String part : List.of("train", "test")) {
            for (String name : List.of("cat", "dog")) {
                Path to = Files.createDirectories(
                        work.resolve("pictures").resolve(part).resolve(name));
                try (Stream<Path> files = Files.list(all.resolve(part).resolve(name))) {
                    for (Path file : files.sorted().limit(SOME).toList()) {
                        Files.copy(file, to.resolve(file.getFileName()));
                    }
                }
            }
        }
        return catsAndDogs(work.resolve("pictures"), pretrained, weights, work.resolve("cache"));
    }

    private static double catsAndDogs(Path folder, Pretrained pretrained, Path weights, Path cache) {
        TransferSettings settings = TransferSettings.of(folder)
                .with(BackboneSettings.BACKBONE, new BackboneSource.OfZoo(pretrained.name(), weights))
                .with(TuningSettings.EPOCHS, 0)
                .with(RunSettings.CACHE, cache);
        return Objects.requireNonNull(
                        TransferRun.run(settings, event -> {}, () -> false).test())
                .accuracy();
    }
}
