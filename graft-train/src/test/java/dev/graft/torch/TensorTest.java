package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TensorTest {
    private static final float[] NUMBERS = {1, -2.5f, 3e-8f, 4e8f};

    static Stream<Arguments> memories() {
        ByteBuffer padded = ByteBuffer.allocateDirect(6 * Float.BYTES).order(ByteOrder.nativeOrder());
        FloatBuffer middle = padded.asFloatBuffer().put(0, 99).position(1).limit(5);
        return Stream.of(
                Arguments.of("array", FloatBuffer.wrap(NUMBERS.clone())),
                Arguments.of("part of an array", FloatBuffer.wrap(new float[] {9, 1, -2.5f, 3e-8f, 4e8f, 9}, 1, 4)),
                Arguments.of("direct", filled(direct(ByteOrder.nativeOrder()))),
                Arguments.of("middle of direct", filled(middle)),
                Arguments.of("direct, big endian", filled(direct(ByteOrder.BIG_ENDIAN))),
                Arguments.of("direct, little endian", filled(direct(ByteOrder.LITTLE_ENDIAN))),
                Arguments.of(
                        "direct, read-only",
                        filled(direct(ByteOrder.nativeOrder())).asReadOnlyBuffer()),
                Arguments.of(
                        "array, read-only", FloatBuffer.wrap(NUMBERS.clone()).asReadOnlyBuffer()));
    }

    private static FloatBuffer direct(ByteOrder order) {
        return ByteBuffer.allocateDirect(NUMBERS.length * Float.BYTES)
                .order(order)
                .asFloatBuffer();
    }

    private static FloatBuffer filled(FloatBuffer buffer) {
        buffer.duplicate().put(NUMBERS);
        return buffer;
    }

    /** Mapped files come read-only, in the middle of a buffer and in the file's byte order. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("memories")
    void numbersComeAndGoFromAnyMemory(String what, FloatBuffer buffer) {
        HostTensor host = new HostTensor(Shape.of(2, 2), buffer);
        try (var scope = Scope.open()) {
            Tensor tensor = Tensor.of(host, Device.CPU);
            assertThat(tensor.toHost().toArray()).containsExactly(NUMBERS);
            assertThat(host.toArray()).containsExactly(NUMBERS);
            tensor.assign(HostTensor.allocate(Shape.of(2, 2)));
            assertThat(tensor.toHost().toArray()).containsOnly(0);
            assertThat(host.toArray()).as("the host keeps its own").containsExactly(NUMBERS);
            tensor.assign(host);
            assertThat(tensor.toHost().toArray()).containsExactly(NUMBERS);
        }
    }

    @Test
    void picturesAreChannelsLastInsideAndRowMajorOutside() {
        HostTensor picture = Formula.input(Shape.of(2, 3, 4, 5));
        try (var scope = Scope.open()) {
            Tensor tensor = Tensor.of(picture, Device.CPU);
            assertThat(Probe.isChannelsLast(tensor)).isTrue();
            assertThat(tensor.toHost().sameBits(picture)).isTrue();
            Tensor blank = Tensor.of(HostTensor.allocate(picture.shape()), Device.CPU);
            blank.assign(picture);
            assertThat(Probe.isChannelsLast(blank)).isTrue();
            assertThat(blank.toHost().sameBits(picture)).isTrue();
        }
    }

    @Test
    void assigningNeedsTheSameShape() {
        try (var scope = Scope.open()) {
            Tensor tensor = Tensor.of(HostTensor.allocate(Shape.of(2, 3)), Device.CPU);
            assertThatThrownBy(() -> tensor.assign(HostTensor.allocate(Shape.of(1, 3))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[1, 3] to [2, 3]");
        }
    }

    @Test
    void assigningToAParameterIsNoPartOfTheGradient() {
        try (var scope = Scope.open()) {
            HostTensor ones = HostTensor.of(Shape.of(2), 1, 1);
            Tensor parameter = Tensor.of(ones, Device.CPU).requireGradient();
            assertThat(parameter.gradient()).isNull();
            parameter.assign(HostTensor.of(Shape.of(2), 5, 6));
            Tensor loss = Probe.dot(parameter, HostTensor.of(Shape.of(2), 10, 100));
            assertThat(loss.item()).isEqualTo(650);
            loss.backward();
            assertThat(Objects.requireNonNull(parameter.gradient()).toHost().toArray())
                    .containsExactly(10, 100);
            assertThat(parameter.toHost().toArray()).containsExactly(5, 6);
        }
    }

    @Test
    void whatIsDetachedOrMadeWithGradientsOffLeadsNowhere() {
        try (var scope = Scope.open()) {
            HostTensor ones = HostTensor.of(Shape.of(2), 1, 1);
            Tensor parameter = Tensor.of(ones, Device.CPU).requireGradient();
            assertThatThrownBy(() -> Probe.dot(parameter.detach(), ones).backward())
                    .isInstanceOf(RuntimeException.class);
            try (var gradients = Gradients.off()) {
                Tensor loss = Probe.dot(parameter, ones);
                assertThatThrownBy(loss::backward).isInstanceOf(RuntimeException.class);
            }
            Probe.dot(parameter, ones).backward();
            assertThat(parameter.gradient()).isNotNull();
        }
    }

    @Test
    void dropoutRepeatsWithItsSeedAndKeepsTheMean() {
        float[] first = dropped(1);
        assertThat(dropped(1)).containsExactly(first);
        assertThat(dropped(2)).isNotEqualTo(first);
        int kept = 0;
        for (float value : first) {
            assertThat(value == 0 || value == 4 / 3f).as("%s", value).isTrue();
            kept += value == 0 ? 0 : 1;
        }
        // 10,000 draws at 0.75: the std is 43.
        assertThat(kept).isBetween(7300, 7700);
    }

    private static float[] dropped(long seed) {
        HostTensor ones = HostTensor.allocate(Shape.of(100, 100));
        for (int i = 0; i < ones.elements(); i++) {
            ones.put(i, 1);
        }
        Torch.seed(seed);
        try (var scope = Scope.open()) {
            return new TorchOps()
                    .dropout(Tensor.of(ones, Device.CPU), 0.25)
                    .toHost()
                    .toArray();
        }
    }
}
