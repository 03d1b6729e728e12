package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;

/** How the class of an example is written as its target; the modes of Keras' {@code image_dataset_from_directory}. */
public enum Labels {
    /** The class index, {@code []}; for sparse cross-entropy. */
    INDEX,
    /** 1 at the class and 0 elsewhere, {@code [classes]}; for categorical cross-entropy. */
    ONE_HOT,
    /** 0 for the first class and 1 for the second, {@code [1]}; for binary cross-entropy on one output. */
    BINARY;

    void check(List<String> classes) {
        if (this != INDEX && classes.isEmpty()) {
            throw new GraftException("labels: the classes are not known; name them with withClasses first");
        }
        if (this == BINARY && classes.size() != 2) {
            throw new GraftException("labels: binary labels are for two classes, got " + classes.size() + " ("
                    + String.join(", ", classes) + "); use Labels.INDEX or Labels.ONE_HOT");
        }
    }

    /** The example with its class index written in this way. */
    Example relabel(Example example, int classes) {
        int label = example.label();
        if (this != INDEX && label >= classes) {
            throw new GraftException("label " + label + " is outside the " + classes + " classes; name all classes");
        }
        return example.withTarget(of(label, classes));
    }

    HostTensor of(int label, int classes) {
        return switch (this) {
            case INDEX -> HostTensor.of(Shape.of(), label);
            case BINARY -> HostTensor.of(Shape.of(1), label);
            case ONE_HOT -> {
                float[] values = new float[classes];
                values[label] = 1;
                yield HostTensor.of(Shape.of(classes), values);
            }
        };
    }
}
