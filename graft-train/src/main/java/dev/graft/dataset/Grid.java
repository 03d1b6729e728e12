package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Seeds;
import dev.graft.WholeFile;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Up to nine pictures in three rows, to be looked at before training: what the network will see, under the names it
 * will learn. Immutable.
 *
 * @param cells the pictures, row by row
 * @param low the value that is drawn black; what is below is black too
 * @param high the value that is drawn white; what is above is white too
 */
public record Grid(List<Cell> cells, double low, double high) {
    static final int COLUMNS = 3;
    private static final int MOST = 9;
    private static final double WHITE = 255;

    /**
     * One picture.
     *
     * @param picture {@code [3, height, width]}, or grey {@code [1, height, width]}
     * @param caption written over it; may be empty
     */
    public record Cell(HostTensor picture, String caption) {
        public Cell {
            Shape shape = picture.shape();
            if (shape.rank() != 3 || (shape.size(0) != 3 && shape.size(0) != 1) || picture.elements() == 0) {
                throw new GraftException("grid: expected a picture [3, height, width] or [1, height, width], got "
                        + shape + "; take the grid of a data set of pictures");
            }
        }
    }

    public Grid {
        cells = List.copyOf(cells);
        if (cells.isEmpty() || cells.size() > MOST) {
            throw new IllegalArgumentException("a grid has 1 to " + MOST + " pictures, got " + cells.size());
        }
        if (!(low < high)) {
            throw new IllegalArgumentException("the range must rise, got " + low + " to " + high);
        }
    }

    /** The first nine examples of a data set under the names of their classes. */
    public static Grid of(Dataset dataset) {
        return of(dataset, dataset.classes());
    }

    /** The first nine examples of the first epoch; without classes, under what their targets say. */
    public static Grid of(Dataset dataset, List<String> classes) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST, dataset.size()); i++) {
            Example example = dataset.get(i);
            cells.add(new Cell(example.inputs().get(0), caption(example, classes)));
        }
        return new Grid(cells, 0, WHITE);
    }

    /**
     * Nine random views of one example's picture.
     *
     * @param function what is done to the picture, as given to {@link Dataset#mapInputs}
     */
    public static Grid ofViews(Example example, RandomFunction<HostTensor> function, long seed) {
        List<Cell> cells = new ArrayList<>();
        for (int view = 0; view < MOST; view++) {
            HostTensor picture = HostTensors.readOnly(example.inputs().get(0));
            cells.add(new Cell(function.apply(picture, Seeds.random(seed, view)), ""));
        }
        return new Grid(cells, 0, WHITE);
    }

    /** The same pictures with other levels for black and white than 0 and 255. */
    public Grid range(double black, double white) {
        return new Grid(cells, black, white);
    }

    /** Writes a PNG; it appears whole or not at all. */
    public void write(Path file) {
        WholeFile.at(file).write(out -> {
            if (!ImageIO.write(GridPainter.paint(this), "png", out)) {
                throw new IOException("this Java has no PNG writer");
            }
        });
    }

    private static String caption(Example example, List<String> classes) {
        if (example.targets().size() != 1) {
            return "";
        }
        HostTensor target = example.target();
        boolean known = target.elements() == 1 || target.elements() == classes.size();
        if (!classes.isEmpty() && known && isClass(target)) {
            int label = example.label();
            return label < classes.size() ? classes.get(label) : "class " + label;
        }
        return target.elements() == 1 ? String.format(Locale.ROOT, "%.4g", target.get(0)) : "";
    }

    /** Whether the target is a class index or one-hot, and not smoothed or mixed. */
    private static boolean isClass(HostTensor target) {
        int ones = 0;
        for (int i = 0; i < target.elements(); i++) {
            float value = target.get(i);
            if (value != Math.rint(value) || value < 0 || (target.elements() > 1 && value > 1)) {
                return false;
            }
            ones += value == 1 ? 1 : 0;
        }
        return target.elements() == 1 || ones == 1;
    }
}
