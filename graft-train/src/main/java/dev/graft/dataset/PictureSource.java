package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.data.InputGeometry;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures that are decoded each time they are asked for. */
final class PictureSource implements DatasetStage {
    private final List<Picture> pictures;
    private final List<Float> weights;
    private final InputGeometry geometry;
    private final PictureReader reader;

    /** @param weights one a picture */
    PictureSource(List<Picture> pictures, List<Float> weights, InputGeometry geometry) {
        this.pictures = pictures;
        this.weights = weights;
        this.geometry = geometry;
        this.reader = PictureReader.of(geometry);
    }

    @Override
    public int size() {
        return pictures.size();
    }

    @Override
    public Example get(int index, int epoch) {
        try {
            return Example.labelled(pixels(index), label(index)).withWeight(weights.get(index));
        } catch (UnreadablePictureException unreadable) {
            throw new GraftException(
                    path(index) + ": cannot be read (" + unreadable.reason()
                            + "); fix or remove it, or go on without such pictures: withoutUnreadable()",
                    unreadable);
        }
    }

    private HostTensor pixels(int index) throws UnreadablePictureException {
        byte[] file = PictureFiles.read(path(index));
        FloatBuffer pixels = FloatBuffer.allocate(geometry.elements());
        reader.read(file, View.plain(), pixels);
        return new HostTensor(Shape.of(3, geometry.size(), geometry.size()), pixels.flip());
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
            pixels(index);
            return null;
        } catch (UnreadablePictureException unreadable) {
            return new Skipped(path(index), unreadable.reason());
        }
    }

    @Override
    public void identify(Fingerprint print) {
        print.add("pictures " + geometry);
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
