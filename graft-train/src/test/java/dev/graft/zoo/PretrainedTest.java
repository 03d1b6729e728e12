package dev.graft.zoo;

import static dev.graft.testing.Refusals.refused;
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
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loading the user's file for an architecture whose weights do not come with Graft. */
@Tag("slow")
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

    /** Saved from a network on several devices, as the part of a larger one, or compiled. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "module.",
                "backbone.",
                "model.",
                "encoder.",
                "_orig_mod.",
                "_orig_mod.module.",
                "net.backbone.0.",
                "state_dict/"
            })
    void aPrefixOfAllNamesIsLeftOutAndNoted(String prefix) throws IOException {
        Map<String, HostTensor> prefixed = new LinkedHashMap<>();
        stored.forEach((name, weight) -> prefixed.put(prefix + name, weight));
        save("prefixed", prefixed);
        List<String> notes = new ArrayList<>();
        assertStored(MOBILENET.load(BACKBONE.model(), file("prefixed"), null, notes::add));
        assertThat(notes)
                .last(InstanceOfAssertFactories.STRING)
                .startsWith(file("prefixed") + ": ")
                .contains(prefix.equals("_orig_mod.") ? "'_orig_mod.'" : prefix.replace("_orig_mod.", ""));
        prefixed.put(prefix + "features.0.0.scale", HostTensor.of(Shape.of(1), 7));
        prefixed.remove(prefix + "features.0.0.weight");
        save("prefixed", prefixed);
        refused(
                () -> MOBILENET.load(BACKBONE.model(), file("prefixed")),
                "1 missing: 'features.0.0.weight' [32, 3, 3, 3]",
                "1 left over: 'features.0.0.scale' [1]");
    }

    private static void assertStored(Map<String, HostTensor> loaded) {
        assertThat(loaded.keySet())
                .isEqualTo(Program.of(BACKBONE.model()).weights().keySet());
        loaded.forEach((name, weight) -> assertThat(weight.sameBits(Objects.requireNonNull(stored.get(name))))
                .as(name)
                .isTrue());
    }

    /** What stands beside a network with a prefix is no part of it. */
    @Test
    void whatIsBesideThePrefixIsLeftOutAndNoted() throws IOException {
        Map<String, HostTensor> larger = new LinkedHashMap<>();
        stored.forEach((name, weight) -> {
            if (name.startsWith("features.")) {
                larger.put("model.backbone." + name, weight);
            }
        });
        larger.put("model.head.weight", HostTensor.of(Shape.of(1), 7));
        larger.put("projector.0.weight", HostTensor.of(Shape.of(1), 7));
        save("larger", larger);
        List<String> notes = new ArrayList<>();
        assertStored(MOBILENET.load(BACKBONE.model(), file("larger"), null, notes::add));
        assertThat(notes)
                .containsExactly(file("larger") + ": the network's names stand after 'model.backbone.' in it;"
                        + " 2 others are left out: 'model', 'projector'");
    }

    @Test
    void ofTeacherAndStudentTheTeacherIsTaken() throws IOException {
        Map<String, HostTensor> both = new LinkedHashMap<>();
        stored.forEach((name, weight) -> both.put("student.backbone." + name, HostTensor.allocate(weight.shape())));
        stored.forEach((name, weight) -> both.put("teacher.backbone." + name, weight));
        save("teacher", both);
        List<String> notes = new ArrayList<>();
        assertStored(MOBILENET.load(BACKBONE.model(), file("teacher"), null, notes::add));
        assertThat(notes)
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("'teacher.backbone.'", "left out: 'student'");
    }

    @Test
    void theNetworkTwiceIsRefusedWithBothPrefixes() throws IOException {
        Map<String, HostTensor> twice = new LinkedHashMap<>();
        stored.forEach((name, weight) -> twice.put("left." + name, weight));
        stored.forEach((name, weight) -> twice.put("right." + name, weight));
        save("twice", twice);
        refused(
                () -> MOBILENET.load(BACKBONE.model(), file("twice")),
                "has the network several times, as 'left.', 'right.'; save the one that is meant");
    }

    /** A head of one's own in the place of the classifier, with other layers. */
    @Test
    void anotherHeadInThePlaceOfTheTopIsLeftOut() throws IOException {
        Map<String, HostTensor> headed = new LinkedHashMap<>(stored);
        headed.keySet().removeIf(name -> name.startsWith("classifier."));
        headed.put("classifier.1.0.weight", HostTensor.of(Shape.of(1), 7));
        headed.put("classifier.4.bias", HostTensor.of(Shape.of(1), 7));
        save("headed", headed);
        assertStored(MOBILENET.load(BACKBONE.model(), file("headed")));
    }

    /** A network of the same family has some of the names, which makes it no part of it. */
    @Test
    void aPartThatFitsALittleIsNoPrefix() throws IOException {
        Pretrained small = Zoo.pretrained("resnet18");
        Map<String, HostTensor> other = new LinkedHashMap<>();
        Formula.weights(
                        Program.of(Zoo.pretrained("vgg11").backbone(64).withoutTop())
                                .weightShapes(),
                        1)
                .forEach((name, weight) -> other.put("backbone." + name, weight));
        save("other", other);
        refused(
                () -> small.load(small.backbone(64).model(), file("other")),
                "left over: 'backbone.features.0.weight'",
                "this is the file of another network");
    }

    /** Keras' transfer networks have the pretrained one as a layer. */
    @Test
    void aModelInsideAKerasModelIsFound() {
        Pretrained keras = Zoo.pretrained("vgg16_keras");
        Model map = keras.backbone(32).withoutTop();
        Map<String, StoredTensor> inside = new LinkedHashMap<>();
        int[] blocks = {2, 2, 3, 3, 3};
        Iterator<Shape> shapes = Program.of(map).weightShapes().values().iterator();
        for (int block = 0; block < blocks.length; block++) {
            for (int conv = 0; conv < blocks[block]; conv++) {
                String layer = "vgg16/block" + (block + 1) + "_conv" + (conv + 1);
                int[] s = shapes.next().sizes();
                inside.put(layer + "/kernel:0", StoredTensor.constant(Shape.of(s[2], s[3], s[1], s[0]), 1));
                inside.put(layer + "/bias:0", StoredTensor.constant(shapes.next(), 1));
            }
        }
        inside.put("dense/kernel:0", StoredTensor.constant(Shape.of(512, 2), 1));
        WeightFile file = new WeightFile("mine.h5", inside, Map.of("format", "keras"));
        Set<String> needed = Program.of(map).weights().keySet();
        WeightFile found = keras.backbone(32).fileNames().current(file, needed);
        assertThat(found.tensors().keySet()).isEqualTo(needed);
        assertThat(found.notes())
                .containsExactly("the network's names stand after 'vgg16/' in it; 1 other is left out: 'dense'");
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
