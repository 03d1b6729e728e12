package dev.graft.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong is said while the graph is drawn: which layer, what it takes, what it got, what to do. */
class ShapeErrorsTest {
    private static final Node PICTURE = Node.input(6, 8, 8);
    private static final Node FEATURES = Node.input(12);

    static Stream<Arguments> misfits() {
        return Stream.of(
                misfit(
                        Conv2D.of(4, 3),
                        List.of(FEATURES),
                        "Conv2D 'bad': expected rank 4 [N, channels, height, width], got [N, 12]; ",
                        "before GlobalAveragePooling2D or Flatten"),
                misfit(
                        Conv2D.of(4, 3).groups(4),
                        List.of(PICTURE),
                        "Conv2D 'bad': expected channels that divide into 4 groups, got [N, 6, 8, 8]; ",
                        "change groups"),
                misfit(
                        Conv2D.of(4, 9),
                        List.of(PICTURE),
                        "Conv2D 'bad': expected an input of at least 9x9 pixels with its padding, got [N, 6, 8, 8]; ",
                        "use larger pictures"),
                // Three elements four apart span nine pixels.
                misfit(
                        Conv2D.of(4, 3).dilation(4),
                        List.of(PICTURE),
                        "Conv2D 'bad': expected an input of at least 9x9 pixels with its padding, got [N, 6, 8, 8]; ",
                        "use larger pictures"),
                misfit(
                        Conv2D.of(4, 3),
                        List.of(PICTURE, PICTURE),
                        "Conv2D 'bad': expected one input, got [[N, 6, 8, 8], [N, 6, 8, 8]]; ",
                        "join several with Add, Multiply or Concatenate"),
                misfit(
                        MaxPooling2D.of(9),
                        List.of(PICTURE),
                        "MaxPooling2D 'bad': expected an input of at least 9x9 pixels with its padding, got [N, 6, 8, 8]",
                        "use larger pictures"),
                misfit(
                        MaxPooling2D.of(3).padding(Padding.pixels(2)),
                        List.of(PICTURE),
                        "MaxPooling2D 'bad': expected at most 1 pixels of padding round windows of 3, not 2, got [N, 6, 8, 8]; ",
                        "use less padding"),
                misfit(
                        AveragePooling2D.of(2).padding(Padding.pixels(2)),
                        List.of(PICTURE),
                        "AveragePooling2D 'bad': expected at most 1 pixels of padding round windows of 2, not 2, got [N, 6, 8, 8]; ",
                        "use less padding"),
                misfit(
                        AveragePooling2D.of(3).stride(2).padding(Padding.same()),
                        List.of(PICTURE),
                        "AveragePooling2D 'bad': expected padding that is even on opposite sides",
                        "got [N, 6, 8, 8]; ",
                        "Padding.pixels"),
                misfit(
                        AveragePooling2D.of(2),
                        List.of(FEATURES),
                        "AveragePooling2D 'bad': expected rank 4 [N, channels, height, width], got [N, 12]; ",
                        "before GlobalAveragePooling2D or Flatten"),
                misfit(
                        SeparableConv2D.of(4, 3),
                        List.of(FEATURES),
                        "SeparableConv2D 'bad': expected rank 4 [N, channels, height, width], got [N, 12]; ",
                        "before GlobalAveragePooling2D or Flatten"),
                misfit(
                        SeparableConv2D.of(4, 9),
                        List.of(PICTURE),
                        "SeparableConv2D 'bad': expected an input of at least 9x9 pixels with its padding, got [N, 6, 8, 8]; ",
                        "use larger pictures"),
                misfit(
                        AdaptiveAveragePooling2D.of(2),
                        List.of(FEATURES),
                        "AdaptiveAveragePooling2D 'bad': expected rank 4 [N, channels, height, width], got [N, 12]; ",
                        "before GlobalAveragePooling2D or Flatten"),
                misfit(
                        GlobalAveragePooling2D.of(),
                        List.of(FEATURES),
                        "GlobalAveragePooling2D 'bad': expected rank 4 [N, channels, height, width], got [N, 12]; ",
                        "before GlobalAveragePooling2D or Flatten"),
                misfit(
                        new GlobalMaxPooling2D(),
                        List.of(FEATURES),
                        "GlobalMaxPooling2D 'bad': expected rank 4 [N, channels, height, width], got [N, 12]; ",
                        "before GlobalAveragePooling2D or Flatten"),
                misfit(
                        Dense.of(3),
                        List.of(PICTURE),
                        "Dense 'bad': expected rank 2 [N, in], got [N, 6, 8, 8]; ",
                        "put GlobalAveragePooling2D or Flatten before it"),
                misfit(
                        LayerNormalization.of(1e-6),
                        List.of(Node.input()),
                        "LayerNormalization 'bad': expected [N, channels, height, width], [N, tokens, channels] or"
                                + " [N, channels], got [N]; ",
                        "put Flatten before it"),
                misfit(
                        PixelDense.of(4),
                        List.of(FEATURES),
                        "PixelDense 'bad': expected rank 4 [N, channels, height, width], got [N, 12]; ",
                        "before GlobalAveragePooling2D or Flatten"),
                misfit(
                        new ClassToken(),
                        List.of(PICTURE),
                        "ClassToken 'bad': expected rank 3 [N, tokens, size], got [N, 6, 8, 8]; ",
                        "put Tokens before it"),
                misfit(
                        MultiHeadAttention.of(4),
                        List.of(Node.input(5, 6)),
                        "MultiHeadAttention 'bad': expected tokens whose size divides into 4 heads, got [N, 5, 6]; ",
                        "change heads"),
                misfit(
                        PositionEmbedding.of(2),
                        List.of(Node.input(4, 6)),
                        "PositionEmbedding 'bad': expected a class token and a square of tokens, [N, 1 + side * side,"
                                + " size], got [N, 4, 6]; ",
                        "square pictures"),
                misfit(
                        BatchNormalization.of(1e-3),
                        List.of(Node.input(4, 5)),
                        "BatchNormalization 'bad': expected [N, channels, height, width] or [N, channels], got [N, 4, 5]; ",
                        "put Flatten before it"),
                misfit(
                        new Normalization(List.of(0.5, 0.5, 0.5), List.of(1.0, 1.0, 1.0)),
                        List.of(PICTURE),
                        "Normalization 'bad': expected ",
                        "3 channels",
                        "got [N, 6, 8, 8]; ",
                        "give one mean and deviation a channel"),
                misfit(
                        new Normalization(List.of(0.5, 0.5), List.of(1.0, 1.0)),
                        List.of(Node.input(3)),
                        "Normalization 'bad': expected [N, 2, height, width], 2 channels, or [N, 2], got [N, 3]; ",
                        "give one mean and deviation a channel"),
                misfit(
                        new Add(),
                        List.of(PICTURE, Node.input(5, 8, 8)),
                        "Add 'bad': expected inputs of one shape, got [[N, 6, 8, 8], [N, 5, 8, 8]]; ",
                        "same filters and stride"),
                misfit(
                        new Add(),
                        List.of(PICTURE),
                        "Add 'bad': expected two inputs or more, got [N, 6, 8, 8]; ",
                        "call it with each branch"),
                misfit(
                        new Multiply(),
                        List.of(Node.input(6, 1, 1), PICTURE),
                        "Multiply 'bad': expected inputs of one shape, or [N, C, H, W] first and then [N, C, 1, 1],"
                                + " got [[N, 6, 1, 1], [N, 6, 8, 8]]; ",
                        "swap the inputs"),
                misfit(
                        new Multiply(),
                        List.of(PICTURE, Node.input(5, 1, 1)),
                        "Multiply 'bad': expected inputs of one shape",
                        "got [[N, 6, 8, 8], [N, 5, 1, 1]]; ",
                        "keepDims"),
                misfit(
                        new Concatenate(),
                        List.of(PICTURE, Node.input(6, 8, 7)),
                        "Concatenate 'bad': expected inputs that differ in channels only,"
                                + " got [[N, 6, 8, 8], [N, 6, 8, 7]]; ",
                        "pool or crop"),
                misfit(
                        new Concatenate(),
                        List.of(PICTURE, FEATURES),
                        "Concatenate 'bad': expected inputs that differ in channels only, got [[N, 6, 8, 8], [N, 12]]; ",
                        "pool or crop"),
                misfit(
                        Model.of("inner", FEATURES, FEATURES.then("fc", Dense.of(2))),
                        List.of(PICTURE),
                        "Model 'bad': expected input [N, 12], got [N, 6, 8, 8]; ",
                        "draw the model for the size that comes in"));
    }

    private static Arguments misfit(Layer layer, List<Node> inputs, String... parts) {
        return Arguments.of(layer, inputs, List.of(parts));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misfits")
    void aMisfitIsRefusedWithLayerShapesAndRemedy(Layer layer, List<Node> inputs, List<String> parts) {
        assertThatThrownBy(() -> Node.of("bad", layer, inputs.toArray(Node[]::new)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(parts.get(0))
                .hasMessageNotContaining("\n")
                .satisfies(error -> assertThat(error.getMessage()).contains(parts));
    }

    static Stream<Arguments> edges() {
        return Stream.of(
                Arguments.of(Conv2D.of(4, 8), "[N, 4, 1, 1]"),
                Arguments.of(Conv2D.of(4, 9).padding(1), "[N, 4, 2, 2]"),
                Arguments.of(Conv2D.of(4, 3).stride(2).padding(1), "[N, 4, 4, 4]"),
                Arguments.of(Conv2D.of(4, 3).dilation(3), "[N, 4, 2, 2]"),
                Arguments.of(Conv2D.of(12, 3).groups(6), "[N, 12, 6, 6]"),
                Arguments.of(MaxPooling2D.of(3).stride(2).padding(Padding.pixels(1)), "[N, 6, 4, 4]"),
                Arguments.of(MaxPooling2D.of(8), "[N, 6, 1, 1]"),
                Arguments.of(AveragePooling2D.of(3).stride(1).padding(Padding.same()), "[N, 6, 8, 8]"),
                Arguments.of(new Flatten(), "[N, 384]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edges")
    void whatJustFitsIsTaken(Layer layer, String shape) {
        assertThat(PICTURE.then("fits", layer).shape()).hasToString(shape);
    }

    static Stream<Arguments> nonsense() {
        return Stream.<Runnable>of(
                        () -> Conv2D.of(0, 3),
                        () -> Conv2D.of(4, 0),
                        () -> Conv2D.of(4, 3).stride(0),
                        () -> Conv2D.of(4, 3).groups(3),
                        () -> Conv2D.of(4, 3).padding(-1),
                        () -> MaxPooling2D.of(0),
                        () -> MaxPooling2D.of(2).stride(0),
                        () -> AveragePooling2D.of(0),
                        () -> AveragePooling2D.of(2).stride(-1),
                        () -> Dense.of(0),
                        () -> SeparableConv2D.of(0, 3),
                        () -> SeparableConv2D.of(4, 0),
                        () -> SeparableConv2D.of(4, 3).stride(0),
                        () -> AdaptiveAveragePooling2D.of(0),
                        () -> StochasticDepth.of(1),
                        () -> StochasticDepth.of(-0.1),
                        () -> LayerNormalization.of(-1e-6),
                        () -> PixelDense.of(0),
                        () -> MultiHeadAttention.of(0),
                        () -> PositionEmbedding.of(0),
                        () -> Dropout.of(1),
                        () -> Dropout.of(Double.NaN),
                        () -> new Normalization(List.of(0.5), List.of(0.0)),
                        () -> new Normalization(List.of(0.5), List.of(1.0, 1.0)),
                        () -> BatchNormalization.of(-1e-3),
                        () -> BatchNormalization.of(1e-3).withMomentum(1.5))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void aConfigurationThatMeansNothingIsRefusedAtOnce(Runnable make) {
        assertThatThrownBy(make::run).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aModelWithSeveralInputsNamesAllOfThem() {
        Node other = Node.input(5);
        Model two = Model.of(
                "two",
                List.of(FEATURES, other),
                List.of(Node.of("sum", new Add(), FEATURES.then("fc", Dense.of(5)), other)));
        assertThatThrownBy(() -> Node.of("bad", two, other, FEATURES))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("[[N, 12], [N, 5]], got [[N, 5], [N, 12]]");
        assertThatCode(() -> Node.of("good", two, FEATURES, other)).doesNotThrowAnyException();
    }
}
