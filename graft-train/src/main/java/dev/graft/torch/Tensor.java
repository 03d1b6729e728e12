package dev.graft.torch;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of libtorch. It belongs to the {@link Scope} that was innermost when it was made and must not be used after
 * that closed, nor by another thread, unless it was {@linkplain #keep kept}: an {@link IllegalStateException} says so. Who
 * keeps one closes it when no thread computes with it. Pictures and convolution weights are laid out channels-last.
 */
public final class Tensor implements AutoCloseable {
    private final org.bytedeco.pytorch.Tensor pointer;
    private @Nullable Scope owner;
    private boolean closed;

    private Tensor(org.bytedeco.pytorch.Tensor pointer, Scope owner) {
        this.pointer = pointer;
        this.owner = owner;
    }

    /** Takes a native tensor into the innermost scope. */
    static Tensor wrap(org.bytedeco.pytorch.Tensor pointer) {
        Scope scope = Scope.innermost();
        Tensor tensor = new Tensor(pointer, scope);
        scope.own(tensor);
        return tensor;
    }

    org.bytedeco.pytorch.Tensor pointer() {
        if (isFreed()) {
            throw new IllegalStateException(
                    owner == null && closed
                            ? "the tensor is closed"
                            : "the tensor is freed: its scope is closed; keep() what must outlive it");
        }
        if (owner != null) {
            owner.checkThread();
        }
        return pointer;
    }

    boolean isFreed() {
        return pointer.isNull();
    }

    /** A copy of the numbers on the device, in float32. */
    public static Tensor of(HostTensor host, Device device) {
        Scope.innermost();
        FloatPointer data = host.isNative() ? new FloatPointer(host.values()) : copyOf(host.values());
        var borrowed = torch.from_blob(data, longs(host.shape()), torch.dtype(ScalarType.Float));
        var format = host.shape().rank() == 4 ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        // A clone, since the blob is the caller's memory (or this scope's).
        var owned = borrowed.clone(new org.bytedeco.pytorch.MemoryFormatOptional(format));
        return wrap(device == Device.CUDA ? owned.cuda() : owned);
    }

    private static FloatPointer copyOf(FloatBuffer values) {
        FloatPointer copy = new FloatPointer(values.remaining());
        copy.asBuffer().put(values);
        return copy;
    }

    private static long[] longs(Shape shape) {
        long[] sizes = new long[shape.rank()];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = shape.size(axis);
        }
        return sizes;
    }

    public Shape shape() {
        int[] sizes = new int[(int) pointer().dim()];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = (int) pointer().size(axis);
        }
        return new Shape(sizes);
    }

    /** A copy of the numbers on the heap of the JVM, row-major, rounded to float32. */
    public HostTensor toHost() {
        Shape shape = shape();
        float[] values = new float[Math.toIntExact(shape.elements())];
        try (var scope = Scope.open()) {
            // An empty tensor has no data to point at.
            if (values.length > 0) {
                pointer()
                        .detach()
                        .cpu()
                        .to(ScalarType.Float)
                        .contiguous()
                        .data_ptr_float()
                        .get(values);
            }
        }
        return HostTensor.of(shape, values);
    }

    /** Overwrites the numbers with those of the same shape, outside of any gradient. */
    public void assign(HostTensor host) {
        if (!host.shape().equals(shape())) {
            throw new IllegalArgumentException("assignment of " + host.shape() + " to " + shape());
        }
        try (var scope = Scope.open();
                var gradients = Gradients.off()) {
            pointer().copy_(of(host, Device.CPU).pointer());
        }
    }

    /** A number that grows whenever the numbers are overwritten. */
    public long version() {
        return pointer()._version();
    }

    /** A copy of the numbers, laid out alike, cut off from the gradient. */
    public Tensor copy() {
        return wrap(pointer().detach().clone());
    }

    /**
     * Moves each number a share of the way to that of a tensor of the same shape, outside of any gradient.
     *
     * @param share 0 stays, 1 is the other's number
     */
    public void moveTowards(Tensor other, double share) {
        try (var scope = Scope.open();
                var gradients = Gradients.off()) {
            pointer().lerp_(other.pointer(), new Scalar(share));
        }
    }

    /** Swaps the numbers with those of a tensor of the same shape, outside of any gradient. */
    public void swap(Tensor other) {
        try (var scope = Scope.open();
                var gradients = Gradients.off()) {
            Tensor mine = copy();
            pointer().copy_(other.pointer());
            other.pointer().copy_(mine.pointer());
        }
    }

    /** The one number of a tensor with one element. */
    public float item() {
        return pointer().item_float();
    }

    /** Makes this tensor one whose gradient {@link #backward} computes. */
    public Tensor requireGradient() {
        pointer().set_requires_grad(true);
        return this;
    }

    /** Computes the gradients of this number with respect to every tensor that requires them. */
    public void backward() {
        pointer().backward();
    }

    /** The gradient of the last {@link #backward}, or null where none reached this tensor. */
    public @Nullable Tensor gradient() {
        var gradient = pointer().grad();
        return gradient.defined() ? wrap(gradient) : null;
    }

    /** This very tensor under a further handle: its numbers stay until both are freed. */
    Tensor shared() {
        return wrap(new org.bytedeco.pytorch.Tensor(pointer()));
    }

    /** The same numbers, cut off from the gradient. */
    public Tensor detach() {
        return wrap(pointer().detach());
    }

    public Tensor to(Device device) {
        boolean there = pointer().is_cuda() == (device == Device.CUDA);
        return there
                ? this
                : wrap(device == Device.CUDA ? pointer().cuda() : pointer().cpu());
    }

    /** The same numbers in a precision, laid out alike; this very tensor where they are. */
    public Tensor to(Precision precision) {
        return pointer().scalar_type().intern() == precision.type()
                ? this
                : wrap(pointer().to(precision.type()));
    }

    /** Takes this tensor out of its scope: from now on its holder closes it. */
    public Tensor keep() {
        if (owner != null) {
            owner.release(this);
            owner = null;
        }
        return this;
    }

    /** Frees a kept tensor; without effect on one that a scope owns. */
    @Override
    public void close() {
        if (owner == null && !closed) {
            closed = true;
            pointer.close();
            Scope.freed();
        }
    }
}
