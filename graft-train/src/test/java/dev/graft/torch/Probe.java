package dev.graft.torch;

import dev.graft.tensor.HostTensor;
import dev.graft.testing.Numbers;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What tests need of libtorch beyond the operations of layers. */
public final class Probe {
    private Probe() {}

    /** {@code sum(a * b)}: a loss whose gradient with respect to {@code a} is {@code b}. */
    public static Tensor dot(Tensor a, HostTensor b) {
        Tensor factor = Tensor.of(b, Device.CPU);
        return Tensor.wrap(torch.sum(
                torch.multiply(a.pointer(), factor.pointer().to(a.pointer().scalar_type()))));
    }

    /** A copy of the numbers, whether float32 or float64. */
    public static Numbers numbers(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.shape().elements())];
        try (var scope = Scope.open()) {
            tensor.pointer()
                    .detach()
                    .to(ScalarType.Double)
                    .contiguous()
                    .data_ptr_double()
                    .get(values);
        }
        return new Numbers(tensor.shape(), values);
    }

    /** DEFAULT, AVX2 or AVX512: what libtorch's own kernels use, in capitals. */
    public static String instructionSet() {
        return torch.get_cpu_capability().getString();
    }

    public static boolean isChannelsLast(Tensor tensor) {
        return tensor.pointer().is_contiguous(torch.MemoryFormat.ChannelsLast);
    }
}
