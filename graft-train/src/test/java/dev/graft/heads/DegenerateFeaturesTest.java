package dev.graft.heads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.dataset.ClassWeights;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.NoTensorLeft;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Features that say nothing, or too much, give an answer of finite numbers in every solved head. */
@ExtendWith(NoTensorLeft.class)
class DegenerateFeaturesTest {
    private static final int PER_CLASS = 6;
    private static final int WIDTH = 8;

    private static FeatureTable table(int classes, int perClass, double scale, IntBinaryOperator kind) {
        Random random = new Random(1);
        float[][] drawn = new float[classes * perClass][WIDTH];
        for (float[] row : drawn) {
            for (int i = 0; i < WIDTH; i++) {
                row[i] = (float) (random.nextGaussian() * scale);
            }
        }
        HostTensor features = HostTensor.allocate(Shape.of(classes * perClass, WIDTH));
        int[] labels = new int[classes * perClass];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = row % classes;
            int source = kind.applyAsInt(row, labels[row]);
            for (int i = 0; i < WIDTH; i++) {
                features.put(row * WIDTH + i, source < 0 ? -1 - source : drawn[source][i]);
            }
        }
        return new FeatureTable(features, labels, classes);
    }

    /** A number below 0 stands for a row of a constant, from {@code -1} for 0; others for a drawn row. */
    static Stream<Arguments> tables() {
        Map<String, FeatureTable> tables = Map.of(
                "all zero", table(2, PER_CLASS, 1, (row, label) -> -1),
                "all constant", table(3, PER_CLASS, 1, (row, label) -> -4),
                "two classes with the same pictures", table(2, PER_CLASS, 1, (row, label) -> row / 2),
                "a class of copies", table(3, PER_CLASS, 1, (row, label) -> label == 1 ? 1 : row),
                "every class one picture", table(3, PER_CLASS, 1, (row, label) -> label),
                "more classes than pictures a fold", table(30, 5, 1, (row, label) -> row),
                "tiny", table(2, PER_CLASS, 1e-30, (row, label) -> row),
                "denormal", table(2, PER_CLASS, 1e-42, (row, label) -> row),
                "huge", table(2, PER_CLASS, 1e15, (row, label) -> row),
                "one far away", table(2, PER_CLASS, 1, (row, label) -> row == 0 ? -1_000_000_000 : row));
        List<Head> heads =
                new ArrayList<>(Head.known().stream().filter(Head::isSolved).toList());
        heads.add(new Head.Linear(LinearLoss.LOGISTIC, 1e-30));
        heads.add(new Head.Linear(LinearLoss.LOGISTIC, 1e30));
        heads.add(new Head.Linear(LinearLoss.SQUARED_HINGE, 1e-30));
        List<Arguments> all = new ArrayList<>();
        tables.forEach((name, table) -> heads.forEach(head -> all.add(Arguments.of(name, head, table))));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("tables")
    void allNumbersAreFinite(String name, Head head, FeatureTable table) {
        var equal = new ClassWeights(Collections.nCopies(table.classes(), 1.0));
        Head.Solution solution =
                head.solve(new Head.Task(table, equal, 1, Engines.ONE_THREAD)).orElseThrow();
        solution.weights()
                .forEach((weight, numbers) ->
                        assertThat(numbers.isFinite()).as(weight).isTrue());
        Node input = Node.input(WIDTH);
        Network network = Network.of(
                Model.of("head", input, input.then("head", head.layer(WIDTH, table.classes(), table.size()))), 1);
        solution.weights().forEach((weight, numbers) -> network.setWeights(Map.of("head." + weight, numbers)));
        assertThat(Engines.torch(network, table.features()).isFinite())
                .as("logits")
                .isTrue();
    }
}
