package dev.graft.preprocessing;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Reference;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Turning, zooming and moving: Keras' formulas restated in numpy, and whole pixels by hand. */
class AffineSamplerTest {
    private static final JsonNode REFERENCE = Reference.read("preprocessing_affine.json");

    record Case(JsonNode json) {
        /** The layer with its random factors fixed to those of the case. */
        RandomTransform layer() {
            float[] factors = Reference.floats(at(json, "factors"));
            Sampling sampling = new Sampling(
                    FillMode.valueOf(at(json, "fill_mode").textValue()),
                    at(json, "fill_value").doubleValue(),
                    Interpolation.valueOf(at(json, "interpolation").textValue()));
            return switch (at(json, "map").textValue()) {
                case "rotation", "rotation_clockwise" ->
                    RandomRotation.of(exactly(factors[0])).sampling(sampling);
                case "zoom_in", "zoom_out" ->
                    RandomZoom.of(exactly(factors[0]), exactly(factors[1])).sampling(sampling);
                case "translation" ->
                    RandomTranslation.of(exactly(factors[0]), exactly(factors[1]))
                            .sampling(sampling);
                default -> throw new IllegalArgumentException(json.toString());
            };
        }

        @Override
        public String toString() {
            return at(json, "name").textValue();
        }
    }

    private static Range exactly(double factor) {
        return Range.of(factor, factor);
    }

    static Stream<Case> cases() {
        return Reference.each(at(REFERENCE, "cases")).map(Case::new);
    }

    /** Bilinear values are a sum of four floats, from coordinates that were float32 factors. */
    @ParameterizedTest
    @MethodSource("cases")
    void everyMapFillModeAndInterpolationIsKeras(Case each) {
        HostTensor output = each.layer().apply(Reference.tensor(at(REFERENCE, "input")), new SplittableRandom(1));
        Close.toScale(1e-5).check(each.toString(), output, Reference.tensor(at(each.json(), "output")));
    }

    /** A row abcd, moved by whole pixels; positive is to the right. */
    @ParameterizedTest
    @CsvSource({
        "REFLECT, 0.5, 2 1 1 2",
        "REFLECT, -0.75, 4 4 3 2",
        "REFLECT, 1, 4 3 2 1",
        "CONSTANT, 0.5, 9 9 1 2",
        "CONSTANT, -0.75, 4 9 9 9",
        "CONSTANT, 1, 9 9 9 9",
        "WRAP, 0.5, 3 4 1 2",
        "WRAP, -0.75, 4 1 2 3",
        "WRAP, 1, 1 2 3 4",
        "NEAREST, 0.5, 1 1 1 2",
        "NEAREST, -0.75, 4 4 4 4",
        "NEAREST, 1, 1 1 1 1",
    })
    void wholePixelsUnderEveryFillMode(FillMode mode, double factor, String expected) {
        float[] row = floats(expected);
        for (Interpolation interpolation : Interpolation.values()) {
            Sampling sampling = new Sampling(mode, 9, interpolation);
            HostTensor across = RandomTranslation.of(exactly(0), exactly(factor))
                    .sampling(sampling)
                    .apply(HostTensor.of(Shape.of(1, 1, 4), 1, 2, 3, 4), new SplittableRandom(1));
            Close.within(0).check("across", across, HostTensor.of(Shape.of(1, 1, 4), row));
            HostTensor down = RandomTranslation.of(exactly(factor), exactly(0))
                    .sampling(sampling)
                    .apply(HostTensor.of(Shape.of(1, 4, 1), 1, 2, 3, 4), new SplittableRandom(1));
            Close.within(0).check("down", down, HostTensor.of(Shape.of(1, 4, 1), row));
        }
    }

    @Test
    void halfAPixelToTheRightMixesNeighbours() {
        HostTensor row = HostTensor.of(Shape.of(1, 1, 4), 1, 2, 4, 8);
        HostTensor moved = RandomTranslation.of(exactly(0), exactly(0.125))
                .sampling(Sampling.constant(9))
                .apply(row, new SplittableRandom(1));
        Close.within(0).check("moved", moved, HostTensor.of(Shape.of(1, 1, 4), 5, 1.5f, 3, 6));
    }

    /** A quarter turn counter-clockwise is the transposed picture upside down, under every fill mode. */
    @ParameterizedTest
    @EnumSource(FillMode.class)
    void aQuarterTurnIsATransposedFlip(FillMode mode) {
        HostTensor square = HostTensor.of(Shape.of(1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        HostTensor turned = HostTensor.of(Shape.of(1, 3, 3), 3, 6, 9, 2, 5, 8, 1, 4, 7);
        HostTensor output =
                RandomRotation.of(exactly(0.25)).sampling(Sampling.of(mode)).apply(square, new SplittableRandom(1));
        Close.within(1e-6).check("counter-clockwise", output, turned);
        HostTensor back =
                RandomRotation.of(exactly(-0.25)).sampling(Sampling.of(mode)).apply(output, new SplittableRandom(1));
        Close.within(1e-5).check("and back", back, square);
    }

    @Test
    void zoomingOutByTheWholeShowsTwiceAsMuch() {
        HostTensor row = HostTensor.of(Shape.of(1, 1, 4), 1, 2, 3, 4);
        // Columns -1.5, 0.5, 2.5 and 4.5 of the row.
        HostTensor output = RandomZoom.of(exactly(0), exactly(1))
                .sampling(Sampling.constant(0))
                .apply(row, new SplittableRandom(1));
        Close.within(0).check("zoomed", output, HostTensor.of(Shape.of(1, 1, 4), 0, 1.5f, 3.5f, 0));
    }

    @Test
    void oneZoomFactorKeepsTheAspect() {
        HostTensor square = HostTensor.of(Shape.of(1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        HostTensor transposed = HostTensor.of(Shape.of(1, 3, 3), 1, 4, 7, 2, 5, 8, 3, 6, 9);
        float[] zoomed =
                RandomZoom.of(0.9).apply(square, new SplittableRandom(5)).toArray();
        float[] other =
                RandomZoom.of(0.9).apply(transposed, new SplittableRandom(5)).toArray();
        for (int i = 0; i < 9; i++) {
            assertThat(other[i]).isEqualTo(zoomed[i % 3 * 3 + i / 3], Offset.offset(1e-5f));
        }
    }

    private static float[] floats(String text) {
        String[] words = text.split(" ", -1);
        float[] numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }
}
