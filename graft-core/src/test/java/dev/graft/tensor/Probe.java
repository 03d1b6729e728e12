package dev.graft.tensor;

import org.bytedeco.pytorch.global.torch;

/** What tests need of libtorch beyond the operations of layers. */
public final class Probe {
    private Probe() {}

    /** {@code sum(a * b)}: a loss whose gradient with respect to {@code a} is {@code b}. */
    public static Tensor dot(Tensor a, HostTensor b) {
        Tensor factor = Tensor.of(b, Device.CPU);
        return Tensor.wrap(torch.sum(torch.multiply(a.pointer(), factor.pointer())));
    }

    public static boolean isChannelsLast(Tensor tensor) {
        return tensor.pointer().is_contiguous(torch.MemoryFormat.ChannelsLast);
    }
}
