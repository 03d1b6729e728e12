package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.data.InputGeometry;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.preprocessing.Augmentation;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pictures that are decoded each time they are asked for, in the view of the epoch. */
final class PictureSource implements DatasetStage {
    private static final Views PLAIN = Views.rotating(Augmentation.none(), 0, 1);

    private final List<Picture> pictures;
    private final List<Float> weights;
    private final InputGeometry geometry;
    private final Views views;
    private final boolean assumedReadable;
    private final PictureReader reader;

    private PictureSource(
            List<Picture> pictures, List<Float> weights, InputGeometry geometry, Views views, boolean assumedReadable) {
        this.pictures = List.copyOf(pictures);
        this.weights = List.copyOf(weights);
        this.geometry = geometry;
        this.views = views;
        this.assumedReadable = assumedReadable;
        this.reader = PictureReader.of(geometry).augment(views.augmentation());
    }

    /** @param weights one a picture */
    static PictureSource of(List<Picture> pictures, List<Float> weights, InputGeometry geometry) {
        return new PictureSource(pictures, weights, geometry, PLAIN, false);
    }

    /** The same in other views; null where they are not plain. */
    @Nullable PictureSource augmented(Views other) {
        return views == PLAIN ? new PictureSource(pictures, weights, geometry, other, assumedReadable) : null;
    }

    /** The same when all were read before. */
    PictureSource assumedReadable() {
        return new PictureSource(pictures, weights, geometry, views, true);
    }

    @Override
    public @Nullable DatasetStage withPictures(Function<PictureSource, @Nullable PictureSource> change) {
        return change.apply(this);
    }

    @Override
    public int size() {
        return pictures.size();
    }

    @Override
    public Example get(int index, int epoch) {
        FloatBuffer pixels = FloatBuffer.allocate(geometry.elements());
        read(index, epoch, pixels);
        return Example.labelled(new HostTensor(shape(), pixels.flip()), label(index))
                .withWeight(weights.get(index));
    }

    /** Decoded straight into the batch: a picture is large, and training waits for it. */
    @Override
    public void put(int index, int epoch, int row, BatchBuffers batch) {
        read(index, epoch, batch.labelled(row, shape(), label(index), weights.get(index)));
    }

    private Shape shape() {
        return Shape.of(3, geometry.size(), geometry.size());
    }

    private void read(int index, int epoch, FloatBuffer pixels) {
        try {
            reader.read(PictureFiles.read(path(index)), views.at(index, epoch), pixels);
        } catch (UnreadablePictureException unreadable) {
            String reason = assumedReadable
                    ? "changed while training, now " + unreadable.reason()
                            + "; leave the pictures alone until the run ends"
                    : "cannot be read (" + unreadable.reason()
                            + "); fix or remove it, or go on without such pictures: withoutUnreadable()";
            throw new GraftException(path(index) + ": " + reason, unreadable);
        }
    }

    @Override
    public Path path(int index) {
        return pictures.get(index).path();
    }

    @Override
    public String name(int index, int epoch) {
        return path(index).toString();
    }

    @Override
    public int label(int index) {
        return pictures.get(index).label();
    }

    @Override
    public @Nullable Skipped check(int index) {
        try {
            reader.read(PictureFiles.read(path(index)), View.plain(), FloatBuffer.allocate(geometry.elements()));
            return null;
        } catch (UnreadablePictureException unreadable) {
            return new Skipped(path(index), unreadable.reason());
        }
    }

    @Override
    public void identify(Fingerprint print) {
        print.add("pictures " + geometry + " " + views.key());
        for (int i = 0; i < size(); i++) {
            print.add(path(i).toAbsolutePath().toString());
            print.add(label(i));
            print.add(Float.floatToIntBits(weights.get(i)));
            try {
                print.add(Files.size(path(i)));
                print.add(Files.getLastModifiedTime(path(i)).toMillis());
            } catch (IOException gone) {
                print.add("gone");
            }
        }
    }
}
