package dev.graft.onnx;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;

/** Constant matrices that graphs multiply by. */
final class Matrices {
    private Matrices() {}

    /** What each element counts in the mean of each window, {@code [windows, size]}. */
    static HostTensor evenWindows(int size, int windows) {
        HostTensor shares = HostTensor.allocate(Shape.of(windows, size));
        for (int window = 0; window < windows; window++) {
            int from = window * size / windows;
            int to = ((window + 1) * size + windows - 1) / windows;
            for (int element = from; element < to; element++) {
                shares.put(window * size + element, 1f / (to - from));
            }
        }
        return shares;
    }

    static HostTensor transposed(HostTensor matrix) {
        int rows = matrix.shape().size(0);
        int columns = matrix.shape().size(1);
        HostTensor turned = HostTensor.allocate(Shape.of(columns, rows));
        for (int i = 0; i < matrix.elements(); i++) {
            turned.put(i % columns * rows + i / columns, matrix.get(i));
        }
        return turned;
    }
}
