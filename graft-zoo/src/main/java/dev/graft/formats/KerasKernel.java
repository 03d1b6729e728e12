package dev.graft.formats;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;

/**
 * A kernel of Keras that is more than laid out otherwise than the layer's weight in Graft. A tensor that cannot be such a
 * kernel stays as it is, so that loading it is refused with its shape.
 */
public enum KerasKernel {
    /**
     * Of the first convolution of a network that takes blue, green and red, as Caffe's did: {@code [h, w, 3, out]} becomes
     * {@code [out, 3, h, w]} for red, green and blue. Means are subtracted by colour, so no more than the order differs.
     */
    BLUE_FIRST {
        @Override
        StoredTensor weight(StoredTensor kernel) {
            Shape by = kernel.shape();
            if (by.rank() != 4) {
                return kernel;
            }
            Shape shape = Shape.of(by.size(3), by.size(2), by.size(0), by.size(1));
            return new StoredTensor(shape, kernel.type(), () -> reversedInputs(kernel.read(), shape));
        }
    },

    /**
     * Of a dense layer after the flattened feature map {@code [7, 7, C]}, which is {@code [C, 7, 7]} here: {@code
     * [7·7·C, out]} becomes {@code [out, C·7·7]}.
     */
    OF_FLATTENED_7X7 {
        @Override
        StoredTensor weight(StoredTensor kernel) {
            Shape by = kernel.shape();
            if (by.rank() != 2 || by.size(0) % (SIDE * SIDE) != 0) {
                return kernel;
            }
            return KernelLayout.torch(kernel, SIDE * SIDE, Shape.of(by.size(1), by.size(0)));
        }
    };

    private static final int SIDE = 7;

    abstract StoredTensor weight(StoredTensor kernel);

    /** Element {@code o, c, y, x} is Keras' {@code y, x, channels - 1 - c, o}. */
    private static HostTensor reversedInputs(HostTensor kernel, Shape shape) {
        int channels = shape.size(1);
        HostTensor weight = HostTensor.allocate(shape);
        int pixels = shape.size(2) * shape.size(3);
        int place = 0;
        for (int out = 0; out < shape.size(0); out++) {
            for (int channel = channels - 1; channel >= 0; channel--) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    weight.put(place++, kernel.get((pixel * channels + channel) * shape.size(0) + out));
                }
            }
        }
        return weight;
    }
}
