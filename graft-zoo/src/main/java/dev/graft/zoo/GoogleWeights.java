package dev.graft.zoo;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights of Google's TensorFlow Lite files under our names. What was batch normalisation is folded into their kernels and
 * biases, so the network's normalisations only add the biases. Google's class 0 stands for no object and is left out.
 */
final class GoogleWeights {
    /** What the denominator of a normalisation has beside the variance, in the flavours that these files are for. */
    private static final double EPSILON = 1e-3;

    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /** A weight that stays as it is. */
    void add(String name, StoredTensor tensor) {
        tensors.put(name, tensor);
    }

    /** The bias of a convolution, for the normalisation after it. */
    void addBias(String norm, StoredTensor bias) {
        tensors.put(norm + ".bias", bias);
        tensors.put(norm + ".weight", StoredTensor.constant(bias.shape(), 1));
        tensors.put(norm + ".running_mean", StoredTensor.constant(bias.shape(), 0));
        tensors.put(norm + ".running_var", StoredTensor.constant(bias.shape(), (float) (1 - EPSILON)));
    }

    /** A kernel {@code [1 + classes, features, 1, 1]} or bias {@code [1 + classes]} of the classifier. */
    void addClassifier(String layer, boolean kernel, StoredTensor tensor) {
        tensors.put(layer + (kernel ? ".weight" : ".bias"), withoutFirst(tensor, kernel ? 2 : 1));
    }

    /** All rows but the first, with so many axes; those after have one place. */
    private static StoredTensor withoutFirst(StoredTensor tensor, int rank) {
        List<Integer> sizes = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            sizes.add(tensor.shape().size(axis) - (axis == 0 ? 1 : 0));
        }
        Shape shape = Shape.of(sizes.stream().mapToInt(size -> size).toArray());
        int skipped = Math.toIntExact(shape.elements() / Math.max(1, shape.size(0)));
        return new StoredTensor(shape, tensor.type(), () -> {
            HostTensor all = tensor.read();
            return new HostTensor(shape, all.values().position(skipped).slice());
        });
    }
}
