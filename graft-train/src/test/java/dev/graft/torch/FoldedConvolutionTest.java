package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.testing.NoTensorLeft;
import java.util.List;
import java.util.Objects;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoTensorLeft.class)
class FoldedConvolutionTest {
    /** Gamma 3, beta 1, mean 2, variance 0.25, epsilon 0: y = (5x + 4 - 2) / 0.5 * 3 + 1 = 30x + 13; without 4, -11. */
    @Test
    void theArithmeticByHand() {
        try (var scope = Scope.open()) {
            Tensor weight = Tensor.of(HostTensor.of(Shape.of(1, 1, 1, 1), 5), Device.CPU);
            Tensor bias = one(4);
            var folded = FoldedConvolution.of(weight, bias, one(3), one(1), one(2), one(0.25f), 0);
            assertThat(folded.weight().item()).isEqualTo(30);
            assertThat(folded.bias().item()).isEqualTo(13);
            var unbiased = FoldedConvolution.of(weight, null, one(3), one(1), one(2), one(0.25f), 0);
            assertThat(unbiased.bias().item()).isEqualTo(-11);
        }
    }

    /** Else libtorch would put the filters, and the activations after them, in order again at each step. */
    @Test
    void allStaysChannelsLast() {
        try (var tape = GradientScope.open(Engines.ONE_THREAD)) {
            Tensor weight = formula("weight", Shape.of(6, 4, 3, 3)).requireGradient();
            Tensor pictures = formula("pictures", Shape.of(2, 4, 7, 5)).requireGradient();
            Tensor gamma = formula("gamma", Shape.of(6)).requireGradient();
            Tensor beta = formula("beta", Shape.of(6)).requireGradient();
            Tensor mean = formula("mean", Shape.of(6));
            var folded =
                    FoldedConvolution.of(weight, null, gamma, beta, mean, formula("running_var", Shape.of(6)), 1e-3);
            Window window = new Window(3, 3, 1, 1, 1, 1, 1, 1);
            Tensor output = new TorchOps().conv2d(pictures, folded.weight(), folded.bias(), window, 1);
            TorchLosses.mean(new TorchOps().multiply(output, output)).backward();
            List.of(
                            weight,
                            folded.weight(),
                            output,
                            Objects.requireNonNull(weight.gradient()),
                            Objects.requireNonNull(pictures.gradient()))
                    .forEach(tensor -> assertThat(tensor.pointer().is_contiguous(MemoryFormat.ChannelsLast))
                            .isTrue());
        }
    }

    private static Tensor one(float number) {
        return Tensor.of(HostTensor.of(Shape.of(1), number), Device.CPU);
    }

    private static Tensor formula(String name, Shape shape) {
        return Tensor.of(Formula.weight(name, shape, 1), Device.CPU);
    }
}
