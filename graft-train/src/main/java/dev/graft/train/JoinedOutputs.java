package dev.graft.train;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The outputs of batches, to be joined along the first axis. */
final class JoinedOutputs {
    private final List<List<HostTensor>> parts = new ArrayList<>();

    JoinedOutputs(int count) {
        for (int i = 0; i < count; i++) {
            parts.add(new ArrayList<>());
        }
    }

    void add(List<HostTensor> batch) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).add(batch.get(i));
        }
    }

    List<HostTensor> joined() {
        return parts.stream().map(JoinedOutputs::join).toList();
    }

    private static HostTensor join(List<HostTensor> batches) {
        int rows = batches.stream().mapToInt(batch -> batch.shape().size(0)).sum();
        Shape shape = batches.isEmpty() ? Shape.of(0) : batches.get(0).shape().withBatch(rows);
        float[] values = new float[Math.toIntExact(shape.elements())];
        int at = 0;
        for (HostTensor batch : batches) {
            batch.values().get(values, at, batch.elements());
            at += batch.elements();
        }
        return HostTensor.of(shape, values);
    }
}
