package dev.graft.preprocessing;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.testing.Close;
import dev.graft.testing.Reference;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations and strengths of TrivialAugment and RandAugment, against torchvision's. */
class AugmentOperationTest {
    private static final JsonNode REFERENCE = Reference.read("preprocessing_operations.json");
    private static final JsonNode TABLES = Reference.read("preprocessing_tables.json");

    record Case(JsonNode json) {
        AugmentOperation operation() {
            return AugmentOperation.valueOf(at(json, "operation").textValue());
        }

        Interpolation interpolation() {
            return Interpolation.valueOf(at(json, "interpolation").textValue());
        }

        double magnitude() {
            return at(json, "magnitude").doubleValue();
        }

        HostTensor picture() {
            return Reference.tensor(
                    at(at(REFERENCE, "pictures"), at(json, "picture").textValue()));
        }

        @Override
        public String toString() {
            return operation() + " " + magnitude() + " " + at(json, "picture") + " " + interpolation();
        }
    }

    static Stream<Case> cases() {
        return Reference.each(at(REFERENCE, "cases")).map(Case::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPixelIsTorchvisions(Case each) {
        Sampling sampling =
                Sampling.constant(at(each.json(), "fill").doubleValue()).interpolation(each.interpolation());
        HostTensor picture = each.picture();
        HostTensor output = each.operation()
                .apply(Planes.of(picture), each.magnitude(), sampling)
                .toHost();
        // Between pixels torchvision's float32 coordinates may round a half the other way.
        double tolerance = each.interpolation() == Interpolation.BILINEAR ? 1 : 0;
        HostTensor expected = HostTensor.of(picture.shape(), Reference.floats(at(each.json(), "output")));
        Close.within(tolerance).check(each.toString(), output, expected);
    }

    @Test
    void theReferenceHasEveryOperationAndSomethingToSee() {
        Set<AugmentOperation> seen = cases().map(Case::operation).collect(Collectors.toSet());
        assertThat(seen).isEqualTo(EnumSet.allOf(AugmentOperation.class));
        Set<AugmentOperation> changing = cases().filter(
                        each -> !Arrays.equals(each.picture().toArray(), Reference.floats(at(each.json(), "output"))))
                .map(Case::operation)
                .collect(Collectors.toSet());
        assertThat(changing).isEqualTo(EnumSet.complementOf(EnumSet.of(AugmentOperation.IDENTITY)));
    }

    @ParameterizedTest
    @EnumSource(AugmentOperation.class)
    void strengthsAreTorchvisionsTables(AugmentOperation operation) {
        int bins = at(TABLES, "bins").intValue();
        int[] size = Reference.ints(at(TABLES, "size"));
        Planes picture = new Planes(1, size[0], size[1], new float[size[0] * size[1]]);
        float[] wide = new float[bins];
        float[] ofRandAugment = new float[bins];
        for (int bin = 0; bin < bins; bin++) {
            wide[bin] = (float) Magnitudes.wide().at(operation, bin, bins);
            ofRandAugment[bin] = (float) Magnitudes.ofRandAugment(picture).at(operation, bin, bins);
        }
        // float32 steps, which torch may fuse with the addition.
        Close close = Close.toScale(1e-7);
        close.check("TrivialAugment", wide, strengths("trivial_augment", operation));
        close.check("RandAugment", ofRandAugment, strengths("rand_augment", operation));
        boolean signed = Reference.each(at(TABLES, "signed"))
                .anyMatch(name -> name.textValue().equals(operation.name()));
        assertThat(operation.signed).isEqualTo(signed);
    }

    private static float[] strengths(String set, AugmentOperation operation) {
        return Reference.floats(at(at(TABLES, set), operation.name()));
    }
}
