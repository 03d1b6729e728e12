package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.weights.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loading the user's file for an architecture whose weights do not come with Graft. */
class PretrainedTest {
    private static final Pretrained MOBILENET = Zoo.pretrained("mobilenet_v2");
    private static final Backbone BACKBONE = MOBILENET.backbone(64);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    private static Map<String, HostTensor> stored = Map.of();

    /** As torchvision has it: with the classifier of 1000 classes and the counters of batches. */
    @BeforeAll
    static void write() throws IOException {
        stored = Formula.weights(Program.of(BACKBONE.withTop(1000)).weightShapes(), 2);
        stored.put("features.0.1.num_batches_tracked", HostTensor.of(Shape.of(1), 7));
        save("publisher", stored);
        stored.put("features.0.0.scale", HostTensor.of(Shape.of(1), 7));
        save("surplus", stored);
        stored.remove("features.0.0.scale");
    }

    private static void save(String name, Map<String, HostTensor> weights) throws IOException {
        try (OutputStream out = Files.newOutputStream(file(name))) {
            Safetensors.write(out, weights, Map.of());
        }
    }

    private static Path file(String name) {
        return folder.resolve(name + ".safetensors");
    }

    static Stream<Model> models() {
        return Stream.of(BACKBONE.withoutTop(), BACKBONE.model(), BACKBONE.withTop(1000));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aFileOfThePublisherFitsEachModelOfTheBackbone(Model model) {
        Map<String, HostTensor> loaded = MOBILENET.load(model, file("publisher"));
        assertThat(loaded.keySet()).isEqualTo(Program.of(model).weights().keySet());
        loaded.forEach((name, weight) -> assertThat(weight.sameBits(Objects.requireNonNull(stored.get(name))))
                .as(name)
                .isTrue());
    }

    /** DenseNet's published files are older than the names of torchvision's layers. */
    @Test
    void namesOfAnOlderFileAreTakenForTodays() throws IOException {
        Pretrained dense = Zoo.pretrained("densenet121");
        Model map = dense.backbone(32).withoutTop();
        Map<String, HostTensor> today = Formula.weights(Program.of(map).weightShapes(), 1);
        Map<String, HostTensor> older = new LinkedHashMap<>();
        today.forEach((name, weight) -> older.put(name.replaceFirst("(norm|conv)([12])\\.", "$1.$2."), weight));
        assertThat(older).containsKey("features.denseblock1.denselayer1.norm.1.weight");
        save("older", older);
        assertThat(dense.load(map, file("older")).keySet()).isEqualTo(today.keySet());

        older.put("features.denseblock1.denselayer1.norm1.weight", HostTensor.of(Shape.of(1), 7));
        save("both", older);
        assertThatThrownBy(() -> dense.load(map, file("both")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("expected one weight 'features.denseblock1.denselayer1.norm1.weight'");
    }

    /** Saved from a network on several devices. */
    @Test
    void thePrefixOfParallelTrainingIsLeftOut() throws IOException {
        Map<String, HostTensor> prefixed = new LinkedHashMap<>();
        stored.forEach((name, weight) -> prefixed.put("module." + name, weight));
        save("parallel", prefixed);
        assertThat(MOBILENET.load(BACKBONE.model(), file("parallel")))
                .hasSameSizeAs(MOBILENET.load(BACKBONE.model(), file("publisher")));
    }

    @Test
    void aGreyPictureGivesWithTheSumOverTheColoursWhatItGivesInColour() {
        Backbone grey = MOBILENET.backbone(Shape.batchOf(1, 64, 64));
        Network one =
                Network.of(grey.model(), MOBILENET.load(grey.model(), file("publisher"), ChannelAdaptation.SUM), 1);
        Network three = Network.of(BACKBONE.model(), MOBILENET.load(BACKBONE.model(), file("publisher")), 1);
        HostTensor picture = Formula.input(Shape.of(1, 1, 64, 64));
        HostTensor colours = HostTensor.allocate(Shape.of(1, 3, 64, 64));
        for (int i = 0; i < colours.elements(); i++) {
            colours.put(i, picture.get(i % picture.elements()));
        }
        assertThat(Engines.torch(one, picture).toArray())
                .containsExactly(Engines.torch(three, colours).toArray(), within(1e-4f));
    }

    @Test
    void repeatedColoursKeepTheSizeOfTheAnswer() {
        Backbone six = MOBILENET.backbone(Shape.batchOf(6, 64, 64));
        HostTensor adapted = Objects.requireNonNull(MOBILENET
                .load(six.model(), file("publisher"), ChannelAdaptation.REPEAT)
                .get("features.0.0.weight"));
        HostTensor colours = Objects.requireNonNull(stored.get("features.0.0.weight"));
        assertThat(adapted.shape()).isEqualTo(Shape.of(32, 6, 3, 3));
        for (int i = 0; i < 27; i++) {
            assertThat(adapted.get(i)).isCloseTo(colours.get(i) / 2, within(1e-6f));
            assertThat(adapted.get(i + 27)).isEqualTo(adapted.get(i));
        }
    }

    @Test
    void otherChannelsAreAdaptedOnlyWhenAsked() {
        Model grey = MOBILENET.backbone(Shape.batchOf(1, 64, 64)).model();
        assertThatThrownBy(() -> MOBILENET.load(grey, file("publisher")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("'features.0.0.weight' is for three channels, and the model takes 1; load with"
                        + " ChannelAdaptation.SUM");
        Model two = MOBILENET.backbone(Shape.batchOf(2, 64, 64)).model();
        assertThatThrownBy(() -> MOBILENET.load(two, file("publisher"), ChannelAdaptation.SUM))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("the network takes 2; ask for REPEAT");
    }

    @Test
    void theAuxiliaryClassifierOfInceptionIsLeftOut() throws IOException {
        Pretrained inception = Zoo.pretrained("inception_v3_torchvision");
        Model map = inception.backbone(75).withoutTop();
        Map<String, HostTensor> weights = Formula.weights(Program.of(map).weightShapes(), 1);
        Map<String, HostTensor> stored = new LinkedHashMap<>(weights);
        stored.put("AuxLogits.conv0.conv.weight", HostTensor.of(Shape.of(1), 7));
        save("inception", stored);
        assertThat(inception.load(map, file("inception")).keySet()).isEqualTo(weights.keySet());
    }

    @Test
    void aClassifierOfOtherClassesDoesNotFit() {
        assertThatThrownBy(() -> MOBILENET.load(BACKBONE.withTop(5), file("publisher")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("'classifier.1.weight' expected [5, 1280], got [1000, 1280]");
    }

    @Test
    void whatTheArchitectureDoesNotHaveIsNotDroppedSilently() {
        assertThatThrownBy(() -> MOBILENET.load(BACKBONE.model(), file("surplus")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("1 left over: 'features.0.0.scale' [1]");
    }

    @Test
    void aFileOfAnotherArchitectureIsRefusedWithWhatIsMissing() {
        Pretrained other = Zoo.pretrained("resnet18");
        assertThatThrownBy(() -> other.load(other.backbone(64).model(), file("publisher")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("100 missing: 'conv1.weight' [64, 3, 7, 7]")
                .hasMessageContaining(" and 97 more; ")
                .hasMessageContaining("this is the file of another network");
    }
}
