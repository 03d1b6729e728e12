package dev.graft.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.Call;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import dev.graft.testing.LoadedNetwork;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all random layers have in common, in a model and in front of one. */
class RandomLayersTest {
    private static final int BATCH = 8;

    static Stream<RandomTransform> layers() {
        return Stream.of(
                RandomFlip.of(RandomFlip.Mode.HORIZONTAL_AND_VERTICAL),
                RandomRotation.of(0.3),
                RandomZoom.of(0.4),
                RandomTranslation.of(0.3, 0.3).sampling(Sampling.of(FillMode.WRAP)),
                RandomContrast.of(0.8),
                RandomBrightness.of(0.6),
                RandomCrop.of(6, 5),
                RandomResizedCrop.of(0.3),
                ColorJitter.of(0.5),
                TrivialAugment.of(),
                RandAugment.of());
    }

    private static RandomTransform withSeed(RandomTransform layer, long seed) {
        return switch (layer.typeName()) {
            case "RandomFlip" -> ((RandomFlip) layer).seed(seed);
            case "RandomRotation" -> ((RandomRotation) layer).seed(seed);
            case "RandomZoom" -> ((RandomZoom) layer).seed(seed);
            case "RandomTranslation" -> ((RandomTranslation) layer).seed(seed);
            case "RandomContrast" -> ((RandomContrast) layer).seed(seed);
            case "RandomBrightness" -> ((RandomBrightness) layer).seed(seed);
            case "RandomCrop" -> ((RandomCrop) layer).seed(seed);
            case "RandomResizedCrop" -> ((RandomResizedCrop) layer).seed(seed);
            case "ColorJitter" -> ((ColorJitter) layer).seed(seed);
            case "TrivialAugment" -> ((TrivialAugment) layer).seed(seed);
            case "RandAugment" -> ((RandAugment) layer).seed(seed);
            default -> throw new IllegalArgumentException(layer.typeName());
        };
    }

    /** The same picture many times. */
    private static HostTensor copies() {
        HostTensor one = ModelRun.pixels(3, 9, 8);
        HostTensor batch = HostTensor.allocate(Shape.of(BATCH, 3, 9, 8));
        for (int i = 0; i < batch.elements(); i++) {
            batch.put(i, one.get(i % one.elements()));
        }
        return batch;
    }

    @ParameterizedTest
    @MethodSource("layers")
    void pixelsChangeInTrainingAndNotInInference(RandomTransform layer) {
        HostTensor batch = copies();
        HostTensor plain = ModelRun.inference(layer, batch);
        assertThat(ModelRun.onnx(layer, batch).shape()).isEqualTo(plain.shape());
        if (layer instanceof RandomCrop) {
            HostTensor middle = ModelRun.inference(Resizing.of(6, 5).croppingToAspectRatio(), batch);
            assertThat(plain.sameBits(middle)).isTrue();
        } else {
            assertThat(plain.sameBits(batch)).isTrue();
            assertThat(ModelRun.onnx(layer, batch).sameBits(batch)).isTrue();
        }
        HostTensor changed = ModelRun.training(layer, batch, 3);
        assertThat(changed.shape()).isEqualTo(plain.shape());
        assertThat(changed.sameBits(plain)).isFalse();
        assertThat(layer.stochastic()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void eachPictureOfABatchIsChangedInItsOwnWay(RandomTransform layer) {
        HostTensor changed = ModelRun.training(layer, copies(), 3);
        Set<List<Float>> different = new HashSet<>();
        for (int i = 0; i < BATCH; i++) {
            different.add(floats(ModelRun.item(changed, i)));
        }
        // Four ways of flipping, and the operations without a strength are often drawn twice.
        assertThat(different).hasSizeGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theSameSeedRepeatsATrainingCallAndAnotherDoesNot(RandomTransform layer) {
        HostTensor batch = copies();
        HostTensor first = ModelRun.training(layer, batch, 3);
        assertThat(ModelRun.training(layer, batch, 3).sameBits(first)).isTrue();
        assertThat(ModelRun.training(layer, batch, 4).sameBits(first)).isFalse();
        assertThat(ModelRun.training(withSeed(layer, 1), batch, 3).sameBits(first))
                .as("the layer's own seed counts")
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aPictureInFrontOfAModelIsChangedAsInABatch(RandomTransform layer) {
        HostTensor batch = ModelRun.pixels(BATCH, 3, 9, 8);
        byte[] before = bits(batch);
        HostTensor together = layer.applyToBatch(batch, new SplittableRandom(7));
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < BATCH; i++) {
            HostTensor alone = layer.apply(ModelRun.item(batch, i), random);
            assertThat(alone.sameBits(ModelRun.item(together, i))).isTrue();
        }
        assertThat(bits(batch)).as("what came in is as it was").isEqualTo(before);
    }

    /** Reflected, wrapped or repeated pixels, clipped colours and grey levels: nothing leaves 0..255. */
    @ParameterizedTest
    @MethodSource("layers")
    void valuesStayInTheirRange(RandomTransform layer) {
        HostTensor batch = ModelRun.pixels(64, 3, 9, 8);
        for (float value : layer.applyToBatch(batch, new SplittableRandom(5)).toArray()) {
            // A bilinear mixture of two equal floats may be off by its rounding.
            assertThat(value).isBetween(-1e-4f, 255.0001f);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void whatIsNoPictureIsRefused(RandomTransform layer) {
        String name = layer.typeName();
        assertThatThrownBy(() -> Node.input(12).then("random", layer))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(
                        name + " 'random': expected rank 4 [N, channels, height, width], got [N, 12]; ");
        assertThatThrownBy(() -> layer.apply(ModelRun.pixels(2, 3, 9, 8), new SplittableRandom(1)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(name + ": expected a picture [channels, height, width], got [2, 3, 9, 8]; ");
        assertThatThrownBy(() -> layer.applyToBatch(ModelRun.pixels(3, 9, 8), new SplittableRandom(1)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(name + ": expected rank 4 [N, channels, height, width], got [3, 9, 8]; ");
    }

    @Test
    void aGradientCannotPassAndTheRefusalNamesTheLayer() {
        Node input = Node.input(3, 6, 6);
        Node output = input.then("conv", Conv2D.of(3, 1)).then("flip", RandomFlip.horizontal());
        Network network = Network.of(Model.of("wrong", input, output), 1);
        try (var loaded = new LoadedNetwork(network);
                var scope = Scope.open()) {
            Tensor pixels = Tensor.of(ModelRun.pixels(2, 3, 6, 6), Device.CPU);
            assertThatThrownBy(() -> loaded.run(true, pixels))
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("RandomFlip 'flip': expected an input without a gradient")
                    .hasMessageEndingWith("put it before the first trainable layer");
            assertThatCode(() -> loaded.run(false, pixels)).doesNotThrowAnyException();
        }
        network.layer("conv").setTrainable(false);
        try (var frozen = new LoadedNetwork(network);
                var scope = Scope.open()) {
            Tensor pixels = Tensor.of(ModelRun.pixels(2, 3, 6, 6), Device.CPU);
            assertThatCode(() -> frozen.run(true, pixels)).doesNotThrowAnyException();
        }
    }

    /** A user's layer that forgets to ask whether the call is one of training. */
    record Careless(boolean drawing) implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public <T> T forward(Call<T> call) {
            Ops<T> ops = call.ops();
            return drawing && ops.draw() < 0 ? call.input() : ops.onHost(call.input(), pixels -> pixels);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsForTrainingCannotBeExportedAndTheRefusalNamesTheLayer(boolean drawing) {
        HostTensor batch = ModelRun.pixels(1, 3, 4, 4);
        assertThat(ModelRun.inference(new Careless(drawing), batch).sameBits(batch))
                .isTrue();
        assertThatThrownBy(() -> ModelRun.onnx(new Careless(drawing), batch))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("Careless 'layer': "
                        + (drawing ? "random numbers are for training" : "functions of the JVM are for training"));
    }

    @Test
    void twoEqualLayersInAModelChangePicturesDifferently() {
        Node input = Node.input(3, 9, 8);
        Node first = input.then("first", RandomRotation.of(0.3));
        Node second = input.then("second", RandomRotation.of(0.3));
        Network network = Network.of(Model.of("two", List.of(input), List.of(first, second)), 1);
        try (var loaded = new LoadedNetwork(network);
                var scope = Scope.open()) {
            List<Tensor> outputs = loaded.run(true, Tensor.of(copies(), Device.CPU));
            assertThat(outputs.get(0).toHost().sameBits(outputs.get(1).toHost()))
                    .isFalse();
        }
    }

    @Test
    void trainingCallsLeaveNoNativeMemoryBehind() {
        HostTensor batch = copies();
        ModelRun.training(RandomRotation.of(0.1), batch, 1);
        long before = Scope.liveTensors();
        for (int i = 0; i < 20; i++) {
            ModelRun.training(RandomRotation.of(0.1), batch, i);
        }
        assertThat(Scope.liveTensors()).isEqualTo(before);
    }

    private static List<Float> floats(HostTensor tensor) {
        float[] values = tensor.toArray();
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }

    private static byte[] bits(HostTensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(tensor.elements() * Float.BYTES);
        bytes.asFloatBuffer().put(tensor.values());
        return bytes.array();
    }
}
