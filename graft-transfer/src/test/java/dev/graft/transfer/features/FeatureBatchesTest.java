package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows, labels and views belong together, whoever fills them in. */
class FeatureBatchesTest {
    private static final List<View> VIEWS = List.of(View.plain(), new View(1, 7), new View(2, 7));

    private final Workers workers = new Workers(3);

    @AfterEach
    void close() {
        workers.close();
    }

    /** Says of each value which picture and view it is of; picture 99 cannot be read. */
    private record Names(boolean quick) implements FeatureSource {
        @Override
        public void read(IndexedPicture picture, View view, List<HostTensor> results)
                throws UnreadablePictureException {
            int number = Integer.parseInt(picture.hash());
            if (number == 99) {
                throw new UnreadablePictureException("no such file");
            }
            results.get(0).put(0, number);
            results.get(0).put(1, view.number());
            results.get(1).put(0, number);
        }
    }

    private FeatureBatches batches(boolean quick, int from, int to, EpochOrder order) {
        List<IndexedPicture> pictures = IntStream.range(from, to)
                .mapToObj(i -> new IndexedPicture(new Picture(Path.of(i + ".png"), i % 4), Integer.toString(i)))
                .toList();
        List<Shape> shapes = List.of(Shape.batchOf(2), Shape.batchOf(1, 1, 1));
        return new FeatureBatches(pictures, VIEWS, shapes, new Names(quick), workers, order, null);
    }

    private static List<List<Integer>> rows(Batches batches, int epoch) {
        List<List<Integer>> rows = new ArrayList<>();
        try (var reader = batches.open(epoch)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                for (int i = 0; i < batch.size(); i++) {
                    int number = (int) batch.inputs().get(0).get(2 * i);
                    assertThat(batch.inputs().get(1).get(i)).isEqualTo(number);
                    assertThat((int) batch.target().get(i)).isEqualTo(number % 4);
                    rows.add(List.of(number, (int) batch.inputs().get(0).get(2 * i + 1)));
                }
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyEpochHasEachPictureOnceAndItsNextView(boolean quick) {
        FeatureBatches batches = batches(quick, 0, 22, EpochOrder.shuffled(8, 1));
        assertThat(batches.size()).isEqualTo(22);
        assertThat(batches.count()).isEqualTo(3);
        List<TreeSet<Integer>> seen =
                IntStream.range(0, 22).mapToObj(i -> new TreeSet<Integer>()).toList();
        for (int epoch = 0; epoch < 3; epoch++) {
            List<List<Integer>> rows = rows(batches, epoch);
            assertThat(rows.stream().map(row -> row.get(0)).distinct()).hasSize(22);
            assertThat(rows.stream().map(row -> row.get(1)).distinct())
                    .as("views within an epoch")
                    .hasSize(3);
            rows.forEach(row -> seen.get(row.get(0)).add(row.get(1)));
        }
        assertThat(seen).as("views over the epochs").allMatch(views -> views.equals(new TreeSet<>(List.of(0, 1, 2))));
        assertThat(rows(batches, 1)).isEqualTo(rows(batches, 1)).isNotEqualTo(rows(batches, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPictureThatVanishesWhileTrainingIsNamed(boolean quick) {
        FeatureBatches batches = batches(quick, 95, 100, EpochOrder.plain(8));
        assertThatThrownBy(() -> rows(batches, 0))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "99.png: changed while training, now no such file; leave the pictures alone until the run ends");
    }
}
