package dev.graft.tensor;

import org.bytedeco.pytorch.global.torch;

/** What tests need of libtorch beyond the operations of layers. */
public final class Probe {
    private Probe() {}

    /** {@code sum(a * b)}: a loss whose gradient with respect to {@code a} is {@code b}. */
    public static Tensor dot(Tensor a, HostTensor b) {
        Tensor factor = Tensor.of(b, Device.CPU);
        return Tensor.wrap(torch.sum(
                torch.multiply(a.pointer(), factor.pointer().to(a.pointer().scalar_type()))));
    }

    /**
     * The same numbers with 64 bits. What is computed of them rounds so little that it falls on the same side of every bend,
     * of a ReLU or a maximum, whatever the processor: float32 does not, and takes another slope there.
     */
    public static Tensor inDouble(Tensor tensor) {
        return Tensor.wrap(tensor.pointer().to(torch.ScalarType.Double));
    }

    /** The same numbers with 32 bits, as {@link Tensor#toHost} takes them. */
    public static Tensor inFloat(Tensor tensor) {
        return Tensor.wrap(tensor.pointer().to(torch.ScalarType.Float));
    }

    public static boolean isChannelsLast(Tensor tensor) {
        return tensor.pointer().is_contiguous(torch.MemoryFormat.ChannelsLast);
    }
}
