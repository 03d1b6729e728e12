package dev.graft.transfer.features;

import dev.graft.data.PictureBatch;
import dev.graft.data.PictureBatches;
import dev.graft.data.PictureItem;
import dev.graft.data.PictureLoader;
import dev.graft.data.PictureReader;
import dev.graft.data.View;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches of pixels for training with nothing frozen: pictures are decoded again in each epoch, ahead of the training. */
public final class PictureFileBatches implements Batches, AutoCloseable {
    private final List<IndexedPicture> pictures;
    private final List<View> views;
    private final PictureLoader loader;
    private final Shape shape;
    private final EpochOrder order;

    public PictureFileBatches(
            List<IndexedPicture> pictures, List<View> views, PictureReader reader, int threads, EpochOrder order) {
        this.pictures = pictures;
        this.views = views;
        this.loader = PictureLoader.of(reader, order.batchSize(), threads);
        int size = reader.geometry().size();
        this.shape = Shape.batchOf(3, size, size);
        this.order = order;
    }

    @Override
    public int size() {
        return order.size(pictures.size());
    }

    @Override
    public int count() {
        return order.count(pictures.size());
    }

    @Override
    public Reader open(int epoch) {
        return open(epoch, 0);
    }

    @Override
    public Reader open(int epoch, int passed) {
        List<PictureItem> items = Arrays.stream(order.of(pictures.size(), epoch))
                .skip((long) passed * order.batchSize())
                .mapToObj(index ->
                        new PictureItem(pictures.get(index).picture(), views.get((epoch + index) % views.size())))
                .toList();
        return new Pass(loader.load(items));
    }

    private final class Pass implements Reader {
        private final PictureBatches pass;

        Pass(PictureBatches pass) {
            this.pass = pass;
        }

        @Override
        public @Nullable Batch next() {
            if (!pass.hasNext()) {
                return null;
            }
            PictureBatch batch = pass.next();
            if (!batch.skipped().isEmpty()) {
                throw IndexedPicture.changed(batch.skipped().get(0), null);
            }
            return Batch.labelled(
                    List.of(new HostTensor(shape.withBatch(batch.size()), batch.pixels())), batch.labels());
        }

        @Override
        public void close() {
            pass.close();
        }
    }

    @Override
    public void close() {
        loader.close();
    }
}
