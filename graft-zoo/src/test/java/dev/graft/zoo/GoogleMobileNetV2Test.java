package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MobileNetV2 with the names that Google's TensorFlow Lite files have, of floats and of bytes. */
class GoogleMobileNetV2Test {
    private static final Program NETWORK =
            Program.of(Zoo.pretrained("mobilenet_v2_keras").backbone(96).withTop(1000));

    /** The convolutions in the order of both networks, without the classifier. */
    private static List<String> convolutions() {
        List<String> names = new ArrayList<>(List.of("Conv", "expanded_conv/depthwise", "expanded_conv/project"));
        for (int block = 1; block <= 16; block++) {
            for (String part : List.of("expand", "depthwise", "project")) {
                names.add("expanded_conv_" + block + "/" + part);
            }
        }
        names.add("Conv_1");
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "weights, depthwise_weights, Conv2D_bias, depthwise_bias",
        "weights, depthwise_weights, biases, biases",
        "weights_quant/FakeQuantWithMinMaxVars, weights_quant/FakeQuantWithMinMaxVars, Conv2D_Fold_bias,"
                + " depthwise_Fold_bias"
    })
    void everyWeightOfTheNetworkIsFound(String kernel, String depthwise, String bias, String depthwiseBias) {
        List<Map.Entry<String, Shape>> kernels = NETWORK.weightShapes().entrySet().stream()
                .filter(weight -> weight.getValue().rank() == 4)
                .toList();
        List<String> names = convolutions();
        assertThat(names).hasSameSizeAs(kernels);
        Map<String, StoredTensor> stored = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            boolean alone = names.get(i).endsWith("depthwise");
            Shape shape = kernels.get(i).getValue();
            String name = "MobilenetV2/" + names.get(i) + "/";
            stored.put(name + (alone ? depthwise : kernel), StoredTensor.constant(shape, i));
            stored.put(name + (alone ? depthwiseBias : bias), StoredTensor.constant(Shape.of(shape.size(0)), -i));
        }
        String logits = "MobilenetV2/Logits/Conv2d_1c_1x1/";
        stored.put(logits + kernel, StoredTensor.constant(Shape.of(1001, 1280, 1, 1), 7));
        stored.put(logits + bias, StoredTensor.constant(Shape.of(1001), 8));

        WeightFile file = new WeightFile("mobilenet.tflite", stored, Map.of("format", "tflite"));
        WeightFile found =
                Zoo.pretrained("mobilenet_v2_keras").backbone(96).fileNames().current(file);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        found.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        assertThat(shapes).containsExactlyInAnyOrderEntriesOf(NETWORK.weightShapes());
        for (int i = 0; i < kernels.size(); i++) {
            HostTensor weight = found.read(kernels.get(i).getKey());
            assertThat(weight.get(0)).isEqualTo(i);
        }
        assertThat(found.read("features.18.1.bias").get(0)).isEqualTo(-51);
        assertThat(found.read("features.18.1.running_var").get(0)).isEqualTo(0.999f);
    }
}
