package dev.graft.onnx;

import static dev.graft.onnx.ForeignFiles.node;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtEnvironment;
import dev.graft.testing.Close;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocaleProofTest {
    private static ModelProto model(LocaleCases.Case file) {
        return ForeignFiles.model(file.opset(), file.graph().toBuilder()).build();
    }

    private static List<String> operators(ModelProto model) {
        return ForeignNodes.nodes(model.getGraph()).stream()
                .map(NodeProto::getOpType)
                .toList();
    }

    static List<LocaleCases.Case> cases() {
        return LocaleCases.all();
    }

    /** Here in the locale of the tests, in {@link LocaleTest} in one with a comma. */
    @ParameterizedTest
    @MethodSource("cases")
    void featuresAreWhatTheOperatorMeans(LocaleCases.Case file) {
        OnnxBackbone.Features features = ForeignFiles.read(file.file()).cut("y", LocaleCases.SIZE);
        Close.within(file.tolerance())
                .check(file.name(), ForeignFiles.run(features, 1).toArray(), file.means());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doneTwiceItIsAsDoneOnce(LocaleCases.Case file) {
        ModelProto once = LocaleProof.of(model(file));
        assertThat(operators(once)).doesNotContain("HardSwish");
        assertThat(LocaleProof.of(once)).isEqualTo(once);
    }

    @Test
    void whatMeansTheSameEverywhereStays() throws IOException {
        ModelProto tiny = ModelProto.parseFrom(ForeignFiles.bytes("tiny_13.onnx"));
        assertThat(LocaleProof.of(tiny)).isEqualTo(tiny);
        GraphProto.Builder graph = LocaleCases.graph()
                .addNode(node("Gelu", "gelu", "wide"))
                .addNode(node("HannWindow", "window", "size"))
                .addNode(node("HardSwish", "none"))
                .addNode(node("HardSwish", "y", "wide").setDomain("com.microsoft"));
        ModelProto others = ForeignFiles.model(20, graph).build();
        assertThat(LocaleProof.of(others)).isEqualTo(others);
    }

    /** The names of a file are whatever it likes. */
    @Test
    void theOutputKeepsItsNameAndOthersAreNew() {
        GraphProto.Builder graph = LocaleCases.graph()
                .addNode(node("Relu", "y/HardSigmoid", "wide"))
                .addNode(node("Relu", "other", "wide").setName("y/HardSigmoid_"))
                .addNode(node("HardSwish", "y", "wide"));
        ModelProto model = ForeignFiles.model(14, graph).build();
        NodeProto product = LocaleProof.of(model).getGraph().getNode(4);
        assertThat(product.getOpType() + product.getInputList()).isEqualTo("Mul[wide, y/HardSigmoid__]");
        OnnxBackbone.Features features = ForeignFiles.read(model.toByteArray()).cut("y_node", LocaleCases.SIZE);
        assertThat(features.cut()).isEqualTo("y");
        Close.within(1e-5)
                .check(
                        "HardSwish",
                        ForeignFiles.run(features, 1).toArray(),
                        LocaleCases.all().get(0).means());
    }

    /** A text that is not here may be that of an operator for which there is no code: see {@link LocaleCases}. */
    @Test
    void theTextsWithFractionsAreThoseThatAreKnown() throws IOException {
        String library;
        try (InputStream in =
                OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
            library = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        Pattern fraction = Pattern.compile("\\d*\\.\\d*[1-9]");
        Set<String> texts = new TreeSet<>();
        Pattern.compile("= *([A-Z]\\w* ?<[^>\\x00]{1,300}>)")
                .matcher(library)
                .results()
                .map((MatchResult found) -> found.group(1))
                .filter(text -> fraction.matcher(text).find())
                .forEach(texts::add);
        assertThat(texts)
                .containsExactly(
                        "Constant <value = float {0.044715}>",
                        "Constant <value = float {0.08}>",
                        "Constant <value = float {0.42}>",
                        "Constant <value = float {0.45652173913}>",
                        "Constant <value = float {0.54347826087}>",
                        "Constant <value = float {0.5}>",
                        "Constant <value = float {0.63661977236}>",
                        "Constant <value = float {6.2831853}>",
                        "HardSigmoid<alpha = 0.16666667163372, beta = 0.5>");
    }
}
