package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.graft.GraftException;
import dev.graft.layers.Activation;
import dev.graft.layers.AdaptiveAveragePooling2D;
import dev.graft.layers.Add;
import dev.graft.layers.AveragePooling2D;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Call;
import dev.graft.layers.ClassToken;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.FirstToken;
import dev.graft.layers.Flatten;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.GlobalMaxPooling2D;
import dev.graft.layers.Layer;
import dev.graft.layers.LayerNormalization;
import dev.graft.layers.LayerScale;
import dev.graft.layers.MaxPooling2D;
import dev.graft.layers.MultiHeadAttention;
import dev.graft.layers.Multiply;
import dev.graft.layers.Normalization;
import dev.graft.layers.Padding;
import dev.graft.layers.PixelDense;
import dev.graft.layers.PositionEmbedding;
import dev.graft.layers.Rescaling;
import dev.graft.layers.SeparableConv2D;
import dev.graft.layers.StochasticDepth;
import dev.graft.layers.Tokens;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LayerTypesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every kind, with each setting away from its default. */
    static Stream<Layer> layers() {
        Stream<Layer> plain = Stream.of(
                new AdaptiveAveragePooling2D(7, 6),
                new Add(),
                new AveragePooling2D(3, 2, Padding.pixels(1), false),
                new BatchNormalization(1e-3, 0.01),
                new ClassToken(),
                new Concatenate(),
                new Conv2D(32, 3, 5, 2, new Padding.Pixels(1, 2, 3, 4), 2, 4, false),
                Conv2D.of(8, 1).padding(Padding.same()),
                Dense.of(10),
                Dense.of(10).noBias(),
                Dropout.of(0.2),
                new FirstToken(),
                new Flatten(),
                GlobalAveragePooling2D.of(),
                GlobalAveragePooling2D.keepingDims(),
                new GlobalMaxPooling2D(),
                LayerNormalization.of(1e-6),
                LayerScale.of(1e-6),
                new MaxPooling2D(3, 2, Padding.same()),
                MultiHeadAttention.of(12),
                new Multiply(),
                new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
                PixelDense.of(8),
                PositionEmbedding.of(14),
                new Rescaling(1 / 127.5, -1),
                new SeparableConv2D(8, 5, 2, Padding.same(), false),
                StochasticDepth.of(0.2),
                new Tokens());
        return Stream.concat(plain, Arrays.stream(Activation.Kind.values()).map(Activation::of));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aLayerComesBackFromItsTextUnchanged(Layer layer) throws Exception {
        String text = LayerTypes.toJson(layer).toString();
        assertThat(LayerTypes.fromJson(layer.typeName(), object(text))).isEqualTo(layer);
    }

    @Test
    void theTextIsTheConfigurationAndNothingElse() {
        assertThat(LayerTypes.toJson(Conv2D.of(8, 3).stride(2).padding(1).noBias()))
                .hasToString("{\"filters\":8,\"kernelHeight\":3,\"kernelWidth\":3,\"stride\":2,\"padding\":{\"kind\":"
                        + "\"pixels\",\"top\":1,\"left\":1,\"bottom\":1,\"right\":1},\"dilation\":1,\"groups\":1,"
                        + "\"useBias\":false}");
    }

    @Test
    void anUnknownKindIsRefused() {
        assertThatThrownBy(() -> LayerTypes.fromJson("java.lang.Runtime", JSON.createObjectNode()))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("unknown kind of layer 'java.lang.Runtime'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Dense | {'units': 3}",
                "Dense | {'useBias': true}",
                "Dense | {'units': null, 'useBias': true}",
                "Dense | {'units': 3, 'useBias': true, 'unknown': 1}",
                "Dense | {'units': 'many', 'useBias': true}",
                "Dense | {'units': 2.5, 'useBias': true}",
                "Dense | {'units': 0, 'useBias': true}",
                "Activation | {}",
                "Activation | {'kind': null}",
                "Activation | {'kind': 'TANGENT'}",
                "Activation | {'kind': 3}",
                "Dropout | {'rate': 1.5}",
                "SeparableConv2D | {'filters': 8, 'kernel': 0, 'stride': 1, 'padding': {'kind': 'same'}, 'useBias': true}",
                "StochasticDepth | {'rate': 1.0}",
                "MaxPooling2D | {'size': 2, 'stride': 2}",
                "MaxPooling2D | {'size': 2, 'stride': 0, 'padding': {'kind': 'same'}}",
                "MaxPooling2D | {'size': 2, 'stride': 2, 'padding': {'kind': 'reflect'}}",
                "MaxPooling2D | {'size': 2, 'stride': 2, 'padding': {'kind': 'pixels', 'top': 1}}",
                "Normalization | {'mean': [0.5]}",
                "Normalization | {'mean': [0.5], 'deviation': [0.0]}",
                "Normalization | {'mean': [null], 'deviation': [1.0]}"
            })
    void aConfigurationThatDoesNotFitIsRefused(String type, String config) {
        assertThatThrownBy(() -> LayerTypes.fromJson(type.strip(), object(config.replace('\'', '"'))))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("layer " + type.strip());
    }

    record Doubling(int times) implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public <T> T forward(Call<T> call) {
            return call.ops().add(call.input(), call.input());
        }
    }

    @Test
    void aUsersOwnLayerIsKnownOnceItIsRegistered() {
        ObjectNode config = LayerTypes.toJson(new Doubling(2));
        assertThatThrownBy(() -> LayerTypes.fromJson("Doubling", config)).isInstanceOf(GraftException.class);
        LayerTypes.register(Doubling.class);
        LayerTypes.register(Doubling.class);
        assertThat(LayerTypes.fromJson("Doubling", config)).isEqualTo(new Doubling(2));
    }

    /** Not a record, so its configuration could not be saved. */
    static final class Stateful implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public <T> T forward(Call<T> call) {
            return call.input();
        }
    }

    static final class Impostor {
        record Dense(int units) implements Layer {
            @Override
            public Shape outputShape(List<Shape> inputs) {
                return inputs.get(0);
            }

            @Override
            public <T> T forward(Call<T> call) {
                return call.input();
            }
        }

        private Impostor() {}
    }

    @Test
    void whatCannotBeRegisteredLeavesNothingBehind() {
        assertThatThrownBy(() -> LayerTypes.register(Stateful.class)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LayerTypes.fromJson("Stateful", JSON.createObjectNode()))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("unknown kind of layer");
        assertThatThrownBy(() -> LayerTypes.register(Impostor.Dense.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(LayerTypes.fromJson("Dense", LayerTypes.toJson(Dense.of(3)))).isEqualTo(Dense.of(3));
    }

    private static ObjectNode object(String text) throws Exception {
        return (ObjectNode) JSON.readTree(text);
    }

    /** Else a forgotten one would show only where its file is read. */
    @Test
    void everyLayerOfGraftIsKnown() {
        List<String> layers = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.graft.layers", "dev.graft.preprocessing")
                        .stream()
                        .filter(type -> type.isRecord() && type.isAssignableTo(Layer.class))
                        .map(JavaClass::getSimpleName)
                        .toList();
        assertThat(layers).hasSizeGreaterThan(30).allSatisfy(name -> assertThat(refusal(name))
                .doesNotContain("unknown kind"));
    }

    private static String refusal(String type) {
        try {
            LayerTypes.fromJson(type, JSON.createObjectNode());
            return "";
        } catch (GraftException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
