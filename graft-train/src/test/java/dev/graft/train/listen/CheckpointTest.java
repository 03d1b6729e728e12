package dev.graft.train.listen;

import static dev.graft.train.listen.Told.metrics;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which weights are in which file after which epoch. */
class CheckpointTest {
    @TempDir
    private Path folder;

    private final Network network = network(2);

    private static Network network(int units) {
        Node input = Node.input(3);
        return Network.of(Model.of("tiny", input, input.then("head", Dense.of(units))), 1);
    }

    private static Map<String, HostTensor> biases(float value) {
        return Map.of("head.bias", HostTensor.of(Shape.of(2), value, value));
    }

    private static float bias(Path file) {
        return Safetensors.read(file).read("head.bias").get(0);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theBestEpochIsKeptWithWhatItGave() throws IOException {
        Path file = folder.resolve("best.safetensors");
        Checkpoint checkpoint = Checkpoint.best(network, file);
        assertThat(files()).isEmpty();
        checkpoint.accept(Told.phase("head", 3));
        network.setWeights(biases(1));
        checkpoint.accept(Told.epoch(1, metrics(0.5, 0.75), metrics(0.625, 0.6), 1, true));
        assertThat(bias(file)).isEqualTo(1);
        network.setWeights(biases(2));
        checkpoint.accept(Told.epoch(2, metrics(0.75, 0.5), metrics(0.875, 0.25), 1, true));
        network.setWeights(biases(3));
        checkpoint.accept(Told.epoch(3, metrics(1, 0), metrics(0, 9), 1, false));
        checkpoint.accept(Told.end("head", 3, 2, false, metrics(0, 0)));

        WeightFile written = Safetensors.read(file);
        assertThat(written.tensors().keySet()).containsExactly("head.weight", "head.bias");
        assertThat(written.read("head.bias").toArray()).containsExactly(2, 2);
        assertThat(written.read("head.weight").toArray())
                .isEqualTo(network.weight("head.weight").toArray());
        assertThat(written.metadata())
                .isEqualTo(Map.of(
                        "phase", "head",
                        "epoch", "2",
                        "learning_rate", "0.001",
                        "accuracy", "0.75",
                        "loss", "0.5",
                        "val_accuracy", "0.875",
                        "val_loss", "0.25"));
        assertThat(files()).containsExactly("best.safetensors");
    }

    @Test
    void everyEpochHasTheWeightsOfThatEpochInAFileOfItsOwn() throws IOException {
        float[] now = {0};
        Checkpoint checkpoint =
                Checkpoint.everyEpoch(network, () -> biases(++now[0]), folder.resolve("{phase}-{epoch}.safetensors"));
        checkpoint.accept(Told.phase("head", 2));
        checkpoint.accept(Told.epoch(1, metrics(0, 1), metrics(0, 1), 1, true));
        checkpoint.accept(Told.epoch(2, metrics(0, 1), metrics(0, 2), 1, false));
        checkpoint.accept(Told.phase("../all of it", 1));
        checkpoint.accept(Told.epoch(1, metrics(0, 1), metrics(0, 2), 1, false));
        assertThat(files()).containsExactly(".._all_of_it-1.safetensors", "head-1.safetensors", "head-2.safetensors");
        assertThat(bias(folder.resolve("head-1.safetensors"))).isEqualTo(1);
        assertThat(bias(folder.resolve("head-2.safetensors"))).isEqualTo(2);
        assertThat(bias(folder.resolve(".._all_of_it-1.safetensors"))).isEqualTo(3);
        assertThat(Safetensors.read(folder.resolve("head-2.safetensors"))
                        .read("head.weight")
                        .toArray())
                .isEqualTo(network.weight("head.weight").toArray());
    }

    @Test
    void loadingGivesTheWeightsBackAndDoesNotHoldTheFile() throws IOException {
        Path file = folder.resolve("best.safetensors");
        network.setWeights(biases(5));
        Checkpoint.best(network, file).accept(Told.epoch(1, metrics(0, 1), metrics(0, 1), 1, true));
        Network other = network(2);
        Checkpoint.load(other, file);
        Files.write(file, new byte[(int) Files.size(file)], StandardOpenOption.WRITE);
        network.weights()
                .forEach((name, weight) ->
                        assertThat(other.weight(name).sameBits(weight)).as(name).isTrue());
    }

    @Test
    void loadingIsStrict() {
        Path file = folder.resolve("best.safetensors");
        Checkpoint.best(network, file).accept(Told.epoch(1, metrics(0, 1), metrics(0, 1), 1, true));
        Network other = network(4);
        HostTensor before = other.weight("head.weight");
        assertThatThrownBy(() -> Checkpoint.load(other, file))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("best.safetensors: the weights do not fit the model: 2 of another shape: ")
                .hasMessageContaining("'head.weight' expected [4, 3], got [2, 3]");
        assertThat(other.weight("head.weight")).isSameAs(before);
        assertThatThrownBy(() -> Checkpoint.load(other, folder.resolve("none.safetensors")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("none.safetensors");
    }

    @Test
    void aFolderThatIsMissingIsSaidBeforeTraining() {
        Path file = folder.resolve("none/best.safetensors");
        assertThatThrownBy(() -> Checkpoint.best(network, file))
                .isInstanceOf(GraftException.class)
                .hasMessage(file + ": there is no folder " + file.getParent() + "; make it, or choose another place");
    }

    @Test
    void aWeightThatTheNetworkDoesNotHaveIsRefused() {
        Checkpoint checkpoint = Checkpoint.everyEpoch(
                network, () -> Map.of("tail.bias", HostTensor.of(Shape.of(1), 1)), folder.resolve("a.safetensors"));
        assertThatThrownBy(() -> checkpoint.accept(Told.epoch(1, metrics(0, 1), metrics(0, 1), 1, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the network has no weight 'tail.bias'");
    }
}
