package dev.graft.dataset;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Data sets whose example i has the input {@code [i, i + 0.5]}, so that it is known wherever it turns up. */
final class Numbered {
    private Numbered() {}

    static Dataset ofLabels(int... labels) {
        return Dataset.ofArrays(inputs(labels.length), labels);
    }

    /** Labels 0, 1, ..., 0, 1, ... */
    static Dataset of(int examples, int classes) {
        return ofLabels(IntStream.range(0, examples).map(i -> i % classes).toArray());
    }

    static HostTensor inputs(int examples) {
        float[] values = new float[2 * examples];
        for (int i = 0; i < examples; i++) {
            values[2 * i] = i;
            values[2 * i + 1] = i + 0.5f;
        }
        return HostTensor.of(Shape.of(examples, 2), values);
    }

    static int number(Example example) {
        return (int) example.input().get(0);
    }

    static List<Integer> numbers(Dataset dataset, int epoch) {
        return IntStream.range(0, dataset.size())
                .mapToObj(i -> number(dataset.get(i, epoch)))
                .toList();
    }

    static List<Integer> numbers(Dataset dataset) {
        return numbers(dataset, 0);
    }

    /** All inputs of one pass, batch after batch, copied out of their buffers. */
    static List<List<Float>> inputs(Batches batches, int epoch) {
        List<List<Float>> all = new ArrayList<>();
        try (Batches.Reader reader = batches.open(epoch)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                all.add(floats(batch.inputs().get(0)));
            }
        }
        return all;
    }

    static List<Float> floats(HostTensor tensor) {
        float[] values = tensor.toArray();
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }
}
