package dev.graft.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Layer;
import dev.graft.layers.Rescaling;
import dev.graft.model.LayerTypes;
import dev.graft.model.Model;
import dev.graft.model.ModelJson;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.LoadedNetwork;
import dev.graft.torch.Device;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.Torch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Preprocessing layers in a model that is saved, read again, trained and exported. */
class PreprocessingModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Sampling ODD = new Sampling(FillMode.CONSTANT, 12.5, Interpolation.NEAREST);
    private static final Range SIGNED = Range.of(-1, 1);

    /** Every kind, with each setting away from its default. */
    static Stream<Layer> layers() {
        return Stream.of(
                new Resizing(7, 5, Interpolation.NEAREST, true),
                CenterCrop.of(7, 5),
                RandomFlip.of(RandomFlip.Mode.VERTICAL).seed(Long.MIN_VALUE),
                RandomRotation.of(Range.of(-0.1, 0.2)).sampling(ODD).seed(2),
                RandomZoom.of(0.2).sampling(ODD).seed(3),
                RandomZoom.of(Range.of(-0.1, 0.2), Range.of(0, 0.3)),
                RandomTranslation.of(Range.of(-0.1, 0.2), Range.of(0, 0.3))
                        .sampling(Sampling.of(FillMode.WRAP))
                        .seed(4),
                RandomContrast.of(0.3, 0.4).valueRange(SIGNED).seed(5),
                RandomBrightness.of(Range.of(-0.1, 0.2)).valueRange(SIGNED).seed(6),
                RandomCrop.of(7, 5).seed(7),
                RandomResizedCrop.of(0.3).aspect(Range.of(0.5, 3)).seed(10),
                ColorJitter.of(0.1, 0.2, 0.3).valueRange(SIGNED).seed(11),
                TrivialAugment.of().bins(12).sampling(ODD).valueRange(SIGNED).seed(8),
                RandAugment.of(3, 12).sampling(ODD).valueRange(SIGNED).seed(9));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aLayerComesBackFromItsTextUnchanged(Layer layer) throws Exception {
        String text = LayerTypes.toJson(layer).toString();
        var config = (ObjectNode) JSON.readTree(text);
        assertThat(LayerTypes.fromJson(layer.typeName(), config)).isEqualTo(layer);
    }

    @Test
    void theTextIsTheConfigurationAndNothingElse() {
        assertThat(LayerTypes.toJson(RandomRotation.of(0.25)))
                .hasToString("{\"factor\":{\"lower\":-0.25,\"upper\":0.25},\"sampling\":{\"fillMode\":\"REFLECT\","
                        + "\"fillValue\":0.0,\"interpolation\":\"BILINEAR\"},\"seed\":0}");
    }

    /** The guide's augmentation in front of a network. */
    private static Model model() {
        Node input = Node.input(3, 20, 24);
        return Model.of(
                "augmented",
                input,
                input.then("size", Resizing.of(16, 16).croppingToAspectRatio())
                        .then("flip", RandomFlip.horizontal())
                        .then("turn", RandomRotation.of(0.1))
                        .then("crop", RandomCrop.of(12, 12))
                        .then("augment", TrivialAugment.of())
                        .then("scale", new Rescaling(1 / 127.5, -1))
                        .then("conv", Conv2D.of(4, 3))
                        .then("mean", GlobalAveragePooling2D.of()));
    }

    @Test
    void aSavedModelComputesTheSame() throws Exception {
        Network network = Network.of(model(), 5);
        Model read = ModelJson.read(JSON.readTree(ModelJson.write(model()).toString()));
        assertThat(Program.of(read)).isEqualTo(network.program());
        Network other = Network.of(read, 6);
        other.setWeights(network.weights());
        HostTensor pixels = ModelRun.pixels(4, 3, 20, 24);
        HostTensor expected = Engines.torch(network, pixels);
        assertThat(Engines.torch(other, pixels).sameBits(expected)).isTrue();
        Close.toScale(1e-5).check("ONNX Runtime", Engines.onnx(other, pixels), expected);
        HostTensor trained = training(network, pixels);
        assertThat(training(other, pixels).sameBits(trained)).isTrue();
        assertThat(trained.sameBits(expected)).isFalse();
    }

    private static HostTensor training(Network network, HostTensor pixels) {
        Torch.seed(8);
        try (var loaded = new LoadedNetwork(network);
                var scope = Scope.open()) {
            return loaded.run(true, Tensor.of(pixels, Device.CPU)).get(0).toHost();
        }
    }

    /** The network after trains as ever: a gradient reaches its weights. */
    @Test
    void whatStandsBehindReceivesItsGradient() {
        Network network = Network.of(model(), 5);
        try (var loaded = new LoadedNetwork(network);
                var scope = Scope.open()) {
            Tensor output = loaded.run(true, Tensor.of(ModelRun.pixels(4, 3, 20, 24), Device.CPU))
                    .get(0);
            Probe.dot(output, ModelRun.pixels(4, 4)).backward();
            HostTensor gradient = loaded.gradient("conv.weight");
            assertThat(gradient.sameBits(HostTensor.allocate(gradient.shape()))).isFalse();
        }
    }
}
