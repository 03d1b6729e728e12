package dev.graft.formats;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Bytes;
import dev.graft.weights.Encoding;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TensorTable;

/** A tensor of torch's as a view of its storage, checked before anything is read. */
final class TorchTensor {
    private final Bytes bytes;
    private final String name;
    private final Encoding encoding;
    private final Shape shape;
    private final long[] strides;
    private final long place;

    private TorchTensor(Bytes bytes, String name, Encoding encoding, Shape shape, long[] strides, long place) {
        this.bytes = bytes;
        this.name = name;
        this.encoding = encoding;
        this.shape = shape;
        this.strides = strides;
        this.place = place;
    }

    /**
     * @param storagePlace where the storage lies in the file, checked to lie in it whole
     */
    static StoredTensor of(Bytes bytes, String name, TorchObjects.Tensor tensor, long storagePlace) {
        long[] sizes = tensor.sizes().stream().mapToLong(size -> size).toArray();
        long[] strides = tensor.strides().stream().mapToLong(stride -> stride).toArray();
        Shape shape = TensorTable.shape(bytes, name, sizes);
        long available = tensor.storage().elements() - tensor.offset();
        if (shape.elements() > 0 && span(sizes, strides, available) > available) {
            throw TensorTable.fault(
                    bytes,
                    name,
                    shape + " with strides " + tensor.strides() + " reaches beyond its storage, which has " + available
                            + " numbers from its offset on; the file is damaged, fetch it again");
        }
        if (shape.elements() > available) {
            throw TensorTable.fault(
                    bytes,
                    name,
                    shape + " repeats the " + available + " numbers of its storage; save a copy: tensor.contiguous()");
        }
        Encoding encoding = tensor.storage().encoding();
        long place = storagePlace + encoding.bytes(tensor.offset());
        TorchTensor view = new TorchTensor(bytes, name, encoding, shape, strides, place);
        return new StoredTensor(shape, encoding.name(), view::read);
    }

    /** How many elements lie between the first and the last one, both included; more than {@code most} if so. */
    private static long span(long[] sizes, long[] strides, long most) {
        long span = 1;
        for (int axis = 0; axis < sizes.length; axis++) {
            long steps = sizes[axis] - 1;
            // Sizes and storage are both below 2^63 / 2^31, so no product of what passes here overflows.
            if (steps > 0 && (strides[axis] < 0 || strides[axis] > most / steps)) {
                return most + 1;
            }
            span += steps * strides[axis];
        }
        return span;
    }

    private HostTensor read() {
        if (isContiguous()) {
            return TensorTable.decode(bytes, name, encoding, place, shape);
        }
        int span = Math.toIntExact(span(longs(shape.sizes()), strides, Long.MAX_VALUE));
        HostTensor stored = TensorTable.decode(bytes, name, encoding, place, Shape.of(span));
        return Strided.copy(stored, shape, strides);
    }

    /** Whether the elements lie row by row; axes of size 1 may have any stride. */
    private boolean isContiguous() {
        long stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.size(axis) != 1 && strides[axis] != stride) {
                return shape.elements() == 0;
            }
            stride *= shape.size(axis);
        }
        return true;
    }

    private static long[] longs(int[] sizes) {
        long[] longs = new long[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            longs[i] = sizes[i];
        }
        return longs;
    }
}
