package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TinyFiles;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are from {@code tools/reference/keras_files.py}. */
@Timeout(20)
class KerasFileTest {
    private static final List<String> KERAS_2 = List.of(
            "conv2d_5/kernel:0",
            "conv2d_5/bias:0",
            "batch_normalization_7/gamma:0",
            "batch_normalization_7/beta:0",
            "batch_normalization_7/moving_mean:0",
            "batch_normalization_7/moving_variance:0",
            "named_depthwise/depthwise_kernel:0",
            "multiplied/depthwise_kernel:0",
            "named_separable/depthwise_kernel:0",
            "named_separable/pointwise_kernel:0",
            "named_separable/bias:0",
            "conv2d_11/kernel:0",
            "named_dense/kernel:0",
            "named_dense/bias:0");

    @ParameterizedTest
    @CsvSource({"tiny_keras2_weights.h5, F32", "tiny_keras2_latest.h5, F16", "tiny_keras2_model.h5, F64"})
    void readsNamesAndLayoutsAsKerasWroteThem(String name, String type, @TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("any name"), TinyFiles.bytes(name));
        for (WeightFile file : List.of(WeightFormats.read(path), read(name))) {
            assertThat(file.tensors().keySet()).containsExactlyInAnyOrderElementsOf(KERAS_2);
            assertThat(file.tensors().values()).extracting(StoredTensor::type).containsOnly(type);
            for (int t = 0; t < KERAS_2.size(); t++) {
                TinyFiles.assertFormula(file.read(KERAS_2.get(t)), t);
            }
            assertThat(file.tensors().get("named_separable/pointwise_kernel:0"))
                    .extracting("shape")
                    .isEqualTo(Shape.of(1, 1, 8, 5));
        }
    }

    /** In MobileNetV3's files one layer is called {@code expanded_conv/project}, the next has more after that. */
    @Test
    void slashesInNamesOfLayersMakeNoModelsInside() {
        assertThat(read("tiny_keras2_slashes.h5").tensors().keySet())
                .containsExactlyInAnyOrder(
                        "block.project/kernel:0",
                        "block.project.BatchNorm/gamma:0",
                        "block.squeeze.Conv/kernel:0",
                        "Conv.BatchNorm/beta:0",
                        "Conv/kernel:0");
        assertThat(KerasNames.translate(read("tiny_keras2_slashes.h5")).tensors())
                .containsKeys("block.project.weight", "block.project.BatchNorm.weight", "Conv.BatchNorm.bias");
    }

    @Test
    void theOptimizerIsLeftOutAndSaid() {
        assertThat(read("tiny_keras2_model.h5").metadata())
                .containsExactly(
                        entry("format", "keras"), entry("optimizer_weights/", "not weights of the model, left out"));
    }

    @Test
    void mappedFloatsAreNotCopied(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("x.h5"), TinyFiles.bytes("tiny_keras2_weights.h5"));
        HostTensor mapped = KerasFile.read(path).read("conv2d_5/kernel:0");
        assertThat(mapped.values().isReadOnly()).as("a view of the mapping").isTrue();
    }

    @Test
    void translatesToOurNamesAndLayouts() {
        WeightFile file = KerasNames.translate(read("tiny_keras2_weights.h5"));
        assertThat(file.tensors().entrySet())
                .extracting(entry -> entry.getKey() + entry.getValue().shape())
                .containsExactlyInAnyOrder(
                        "conv2d.weight[4, 3, 3, 2]",
                        "conv2d.bias[4]",
                        "batch_normalization.weight[4]",
                        "batch_normalization.bias[4]",
                        "batch_normalization.running_mean[4]",
                        "batch_normalization.running_var[4]",
                        "named_depthwise.weight[4, 1, 3, 2]",
                        "multiplied.weight[8, 1, 2, 2]",
                        "named_separable.depthwise.weight[8, 1, 3, 3]",
                        "named_separable.pointwise.weight[5, 8, 1, 1]",
                        "named_separable.pointwise.bias[5]",
                        "conv2d_1.weight[4, 5, 1, 1]",
                        "named_dense.weight[3, 4]",
                        "named_dense.bias[3]");
        HostTensor kernel = file.read("conv2d.weight");
        // [out 3, in 1, h 2, w 0] of ours is [h 2, w 0, in 1, out 3] of Keras'.
        assertThat(kernel.get(((3 * 3 + 1) * 3 + 2) * 2)).isEqualTo(formula(0, ((2 * 2) * 3 + 1) * 4 + 3));
        // Channel 2's second filter: [h 1, w 0, in 2, m 1].
        assertThat(file.read("multiplied.weight").get((2 * 2 + 1) * 4 + 2)).isEqualTo(formula(7, (2 * 4 + 2) * 2 + 1));
        assertThat(file.read("named_dense.weight").get(2 * 4 + 3)).isEqualTo(formula(12, 3 * 3 + 2));
        TinyFiles.assertFormula(file.read("batch_normalization.running_var"), 5);
    }

    /** Keras' {@code scale=False}, as Inception V3 has it. */
    @Test
    void aNormalisationWithoutFactorsGetsOnes() {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (String weight : List.of("beta:0", "moving_mean:0", "moving_variance:0")) {
            tensors.put("batch_normalization_3/" + weight, StoredTensor.constant(Shape.of(2), 0.5f));
        }
        WeightFile file = KerasNames.translate(new WeightFile("no gamma", tensors, Map.of()));
        assertThat(file.read("batch_normalization.weight").toArray()).containsExactly(1, 1);
        assertThat(file.tensors()).hasSize(4);
    }

    @Test
    void layersCanBeGivenOtherNames() {
        WeightFile file = KerasNames.translate(read("tiny_keras2_weights.h5"), layer -> "features." + layer);
        assertThat(file.tensors()).containsKeys("features.conv2d.weight", "features.named_dense.bias");
        assertThatThrownBy(() -> KerasNames.translate(read("tiny_keras2_weights.h5"), layer -> "same"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("another is called 'same.");
    }

    @Test
    void theNamesOfKeras1MeanTheSame() {
        assertThat(KerasNames.translate(read("tiny_keras1.h5")).tensors().entrySet())
                .extracting(entry -> entry.getKey() + entry.getValue().shape())
                .containsExactlyInAnyOrder(
                        "conv2d.weight[3, 2, 1, 1]",
                        "conv2d.bias[3]",
                        "batch_normalization.weight[3]",
                        "batch_normalization.bias[3]",
                        "batch_normalization.running_mean[3]",
                        "batch_normalization.running_var[3]",
                        "predictions.weight[2, 3]",
                        "predictions.bias[2]");
    }

    /** Written by Keras 3.15, a model inside a model. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny_keras3.h5", "tiny_keras3.weights.h5", "tiny_keras3.keras"})
    void readsWhatKeras3Wrote(String name, @TempDir Path folder) throws IOException {
        WeightFile raw = WeightFormats.read(Files.write(folder.resolve("any name"), TinyFiles.bytes(name)));
        WeightFile file = KerasNames.translate(raw);
        assertThat(file.tensors().entrySet())
                .extracting(entry -> entry.getKey() + entry.getValue().shape())
                .containsExactlyInAnyOrder(
                        "inner.stem.weight[4, 3, 3, 2]",
                        "inner.stem.bias[4]",
                        "inner.batch_normalization.weight[4]",
                        "inner.batch_normalization.bias[4]",
                        "inner.batch_normalization.running_mean[4]",
                        "inner.batch_normalization.running_var[4]",
                        "inner.apart.depthwise.weight[4, 1, 2, 2]",
                        "inner.apart.pointwise.weight[5, 4, 1, 1]",
                        "inner.apart.pointwise.bias[5]",
                        "inner.alone.weight[5, 1, 2, 2]",
                        "head.weight[2, 10]",
                        "head.bias[2]");
        TinyFiles.assertFormula(file.read("inner.batch_normalization.running_var"), 5);
        TinyFiles.assertFormula(file.read("head.bias"), 11);
        // Channel 3, row 1, column 0 of ours is [1, 0, 3, 0] of Keras'.
        assertThat(file.read("inner.alone.weight").get(3 * 4 + 2)).isEqualTo(formula(9, 2 * 5 + 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "external_link.h5    | 'dense/dense/kernel:0': a link to another place or file, which Graft does not follow",
                "soft_link.h5        | 'dense/dense/kernel:0': a link to another place or file, which Graft does not follow",
                "hard_loop.h5        | groups contain one another",
                "hard_alias.h5       | the tensors overlap",
                "compressed.h5       | found FloatingPoint in a chunked layout; save the weights again without compression",
                "external_storage.h5 | cannot be read (Encountered External Data Files Message",
                "virtual.h5          | HDF5: cannot be read",
                "big_endian.h5       | expected little-endian numbers in one piece",
                "text.h5             | found VariableLength in a contiguous layout",
                "deep.h5             | nested more than 32 deep",
            })
    void tricksAreRefused(String name, String reason) {
        assertThatThrownBy(() -> read(name))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(name + ": ")
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny_keras2_weights.h5", "tiny_keras2_latest.h5"})
    void everyTruncatedFileIsRefused(String name) {
        byte[] whole = TinyFiles.bytes(name);
        for (int length = 1; length < whole.length; length += 211) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> KerasFile.read("part", ByteBuffer.wrap(part)))
                    .as("%d bytes", length)
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("part: ");
        }
    }

    static float formula(int place, int index) {
        return ((37L * index + 11 + place) % 101 - 50) / 8f;
    }

    private static WeightFile read(String name) {
        return KerasFile.read(name, ByteBuffer.wrap(TinyFiles.bytes(name)));
    }
}
