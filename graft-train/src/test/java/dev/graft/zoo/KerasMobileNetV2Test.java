package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.formats.WeightFormats;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.weights.StrictLoad;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keras' MobileNetV2 with 1000 classes against what it must give for a computed input, from outside the repository. */
class KerasMobileNetV2Test {
    private static final int SIZE = 224;

    /** What Keras counts, running statistics among them. */
    @Test
    void hasKerasParameters() {
        Program program = Program.of(MobileNetV2.draw(1, Node.input(3, SIZE, SIZE), MobileNetV2.Flavour.KERAS)
                .withTop(1000));
        assertThat(program.weights().values().stream()
                        .mapToLong(spec -> spec.shape().elements())
                        .sum())
                .isEqualTo(3_538_984);
    }

    @Test
    void theTwoFlavoursHaveTheSameWeights() {
        assertThat(Program.of(MobileNetV2.draw(0.75, Node.input(3, SIZE, SIZE), MobileNetV2.Flavour.KERAS)
                                .model())
                        .weightShapes())
                .isEqualTo(Program.of(MobileNetV2.draw(0.75, Node.input(3, SIZE, SIZE), MobileNetV2.Flavour.TORCHVISION)
                                .model())
                        .weightShapes());
    }

    @Test
    void givesTheGoldenFeaturesAndClasses() throws IOException {
        JsonNode golden = new ObjectMapper()
                .readTree(shared("mobilenet_v2_imagenet_golden.json").toFile());
        Backbone backbone = MobileNetV2.draw(1, Node.input(3, SIZE, SIZE), MobileNetV2.Flavour.KERAS);
        Model model = backbone.withTop(1000);
        WeightFile file = backbone.fileNames().current(WeightFormats.read(shared("mobilenet_v2_imagenet_keras.h5")));
        Map<String, HostTensor> weights =
                StrictLoad.of(Program.of(model).weightShapes()).from(file);
        assertThat(weights.values().stream().mapToLong(HostTensor::elements).sum())
                .isEqualTo(3_538_984);

        HostTensor logits =
                Engines.onnx(Program.of(model), weights, List.of(input())).get(0);
        HostTensor features = Engines.onnx(Program.of(backbone.model()), weights, List.of(input()))
                .get(0);
        for (int example = 0; example < 2; example++) {
            float[] pooled = features.rows().get(example);
            JsonNode first = golden.get("features_gap_first8").get(example);
            for (int i = 0; i < 8; i++) {
                assertThat((double) pooled[i]).isEqualTo(first.get(i).doubleValue(), within(1e-3));
            }
            assertThat(IntStream.range(0, pooled.length)
                            .mapToDouble(i -> pooled[i])
                            .average()
                            .orElseThrow())
                    .isEqualTo(golden.get("features_gap_mean").get(example).doubleValue(), within(1e-3));
            assertTopFive(logits.rows().get(example), golden.get("softmax_top5").get(example));
        }
    }

    private static void assertTopFive(float[] logits, JsonNode expected) {
        double sum = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]))
                .sum();
        List<Integer> best = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -logits[i]))
                .limit(5)
                .toList();
        for (int place = 0; place < 5; place++) {
            JsonNode pair = expected.get(place);
            assertThat(best.get(place)).isEqualTo(pair.get(0).intValue());
            assertThat(Math.exp(logits[best.get(place)]) / sum)
                    .isEqualTo(pair.get(1).doubleValue(), within(1e-3));
        }
    }

    /** Element i of the picture as TensorFlow lays it out, channels last, is sin(0.001 i). */
    private static HostTensor input() {
        HostTensor input = HostTensor.allocate(Shape.of(2, 3, SIZE, SIZE));
        FloatBuffer values = input.values();
        for (int example = 0; example < 2; example++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
                    values.put((float) Math.sin(0.001 * ((example * SIZE * SIZE + pixel) * 3 + channel)));
                }
            }
        }
        return input;
    }

    private static Path shared(String name) {
        String set = System.getenv("GRAFT_SHARED");
        Path folder = set != null ? Path.of(set) : Path.of("..", "..", "shared");
        Path file = folder.resolve("weights").resolve(name);
        assumeTrue(Files.isRegularFile(file), () -> "SKIPPED: no " + file.toAbsolutePath() + "; set GRAFT_SHARED");
        return file;
    }
}
