package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.TinyFiles;
import dev.graft.weights.WeightFile;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels of several blocks in files, where each number says its place. */
@Tag("slow")
class KernelLayoutTest {
    private static final String KERNEL = "kernel:0";

    /** The place in Keras' kernel of number {@code index} of ours, by the definition of both layouts. */
    private interface Place {
        int of(int index);
    }

    @ParameterizedTest
    @CsvSource({"1543, 1031", "4096, 131", "1, 600000", "600000, 1", "3, 524288"})
    void denseKernels(int inputs, int units, @TempDir Path folder) {
        float[][] kernel = new float[inputs][units];
        for (int input = 0; input < inputs; input++) {
            fill(kernel[input], input * units);
        }
        HostTensor weight = translated(folder, KERNEL, kernel, Map.of());
        assertThat(weight.shape()).isEqualTo(Shape.of(units, inputs));
        assertPlaces(weight, index -> index % inputs * units + index / inputs);
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 259, 1031", "1, 1, 1543, 1031", "16, 32, 3, 1031", "3, 3, 2, 5"})
    void convolutionsKernels(int height, int width, int inputs, int units, @TempDir Path folder) {
        float[][][][] kernel = kernel(height, width, inputs, units);
        HostTensor weight = translated(folder, KERNEL, kernel, Map.of());
        assertThat(weight.shape()).isEqualTo(Shape.of(units, inputs, height, width));
        assertPlaces(weight, index -> {
            int x = index % width;
            int y = index / width % height;
            int input = index / width / height % inputs;
            int unit = index / width / height / inputs;
            return ((y * width + x) * inputs + input) * units + unit;
        });
    }

    /** 540,000 numbers a row of the block are more than a block has; the small one is less than a block. */
    @ParameterizedTest
    @CsvSource({"3, 2, 45000, 2", "3, 2, 45, 2"})
    void depthwiseKernels(int height, int width, int inputs, int multiplier, @TempDir Path folder) {
        float[][][][] kernel = kernel(height, width, inputs, multiplier);
        HostTensor weight = translated(folder, "depthwise_kernel:0", kernel, Map.of());
        assertThat(weight.shape()).isEqualTo(Shape.of(inputs * multiplier, 1, height, width));
        assertPlaces(weight, index -> {
            int pixel = index % (height * width);
            return pixel * inputs * multiplier + index / (height * width);
        });
    }

    @Test
    void kernelsBehindAFlattenedMap(@TempDir Path folder) {
        int channels = 23;
        int units = 1031;
        float[][] kernel = new float[49 * channels][units];
        for (int row = 0; row < kernel.length; row++) {
            fill(kernel[row], row * units);
        }
        HostTensor weight = translated(folder, KERNEL, kernel, Map.of("layer", KerasKernel.OF_FLATTENED_7X7));
        assertThat(weight.shape()).isEqualTo(Shape.of(units, 49 * channels));
        assertPlaces(weight, index -> {
            int pixel = index % 49;
            int channel = index / 49 % channels;
            return (pixel * channels + channel) * units + index / 49 / channels;
        });
    }

    @Test
    void numbersThatAreConvertedFirst(@TempDir Path folder) {
        double[][] kernel = new double[1543][1031];
        for (int i = 0; i < 1543 * 1031; i++) {
            kernel[i / 1031][i % 1031] = i;
        }
        assertPlaces(translated(folder, KERNEL, kernel, Map.of()), index -> index % 1543 * 1031 + index / 1543);
    }

    /** A kernel is not read from the mapping, whose pages would count beside the copy: what is gone is no fault there. */
    @ParameterizedTest
    @CsvSource({"tiny_keras2_weights.h5, named_dense.weight", "tiny_keras3.keras, inner.stem.weight"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "mapped files cannot be cut there")
    void kernelsAreReadFromTheFile(String name, String weight, @TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve(name), TinyFiles.bytes(name));
        WeightFile file = KerasNames.translate(WeightFormats.read(path));
        HostTensor whole = file.read(weight);
        WeightFile inMemory = KerasNames.translate(KerasFile.read(name, ByteBuffer.wrap(TinyFiles.bytes(name))));
        assertThat(whole.sameBits(inMemory.read(weight))).isTrue();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(100);
        }
        assertThatThrownBy(() -> file.read(weight))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("the file was cut short while it was read");
    }

    private static float[][][][] kernel(int height, int width, int inputs, int units) {
        float[][][][] kernel = new float[height][width][inputs][units];
        for (int row = 0; row < height * width * inputs; row++) {
            fill(kernel[row / inputs / width][row / inputs % width][row % inputs], row * units);
        }
        return kernel;
    }

    private static void fill(float[] row, int first) {
        for (int i = 0; i < row.length; i++) {
            row[i] = first + i;
        }
    }

    private static HostTensor translated(Path folder, String name, Object kernel, Map<String, KerasKernel> kernels) {
        Path path = folder.resolve("kernel.h5");
        try (WritableHdfFile file = HdfFile.write(path)) {
            file.putGroup("layer").putGroup("layer").putDataset(name, kernel);
        }
        return KerasNames.translate(WeightFormats.read(path), UnaryOperator.identity(), kernels)
                .read("layer.weight");
    }

    private static void assertPlaces(HostTensor weight, Place keras) {
        // Below 2^24 every place is a float of its own.
        assertThat(weight.elements()).isLessThan(1 << 24);
        for (int i = 0; i < weight.elements(); i++) {
            if (weight.get(i) != keras.of(i)) {
                assertThat(weight.get(i)).as("element %d", i).isEqualTo(keras.of(i));
            }
        }
    }
}
