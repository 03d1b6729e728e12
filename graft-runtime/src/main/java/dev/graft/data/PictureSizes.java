package dev.graft.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * How large pictures are, in pixels, upright.
 *
 * @param sizes of each picture that was looked at
 */
public record PictureSizes(List<Size> sizes) {
    /** Of one picture. */
    public record Size(int width, int height) {
        int shorter() {
            return Math.min(width, height);
        }
    }

    /** The range of one side over all pictures. */
    public record Range(int least, int median, int most) {}

    public PictureSizes {
        sizes = List.copyOf(sizes);
    }

    /**
     * Reads the headers of pictures; those that cannot be read are left out.
     *
     * @param most of more pictures than that so many are looked at, evenly spread
     */
    public static PictureSizes of(List<Picture> pictures, int most) {
        int looked = Math.min(most, pictures.size());
        List<Size> sizes = new ArrayList<>();
        for (int i = 0; i < looked; i++) {
            Picture picture = pictures.get((int) ((long) i * pictures.size() / looked));
            try {
                PictureHeader header = PictureHeader.peek(PictureFiles.read(picture.path()));
                sizes.add(
                        header.orientation().transposed
                                ? new Size(header.height(), header.width())
                                : new Size(header.width(), header.height()));
            } catch (UnreadablePictureException unreadable) {
                continue;
            }
        }
        return new PictureSizes(sizes);
    }

    public boolean isEmpty() {
        return sizes.isEmpty();
    }

    /** @throws IllegalStateException if there are none */
    public Range widths() {
        return range(Size::width);
    }

    /** @throws IllegalStateException if there are none */
    public Range heights() {
        return range(Size::height);
    }

    private Range range(ToIntFunction<Size> side) {
        if (sizes.isEmpty()) {
            throw new IllegalStateException("no pictures were looked at");
        }
        int[] sorted = sizes.stream().mapToInt(side).toArray();
        Arrays.sort(sorted);
        return new Range(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    /** The share of the pictures that a geometry enlarges: their shorter side has fewer pixels than it is resized to. */
    public double enlarged(InputGeometry geometry) {
        long small = sizes.stream()
                .filter(size -> size.shorter() < geometry.resize())
                .count();
        return sizes.isEmpty() ? 0 : (double) small / sizes.size();
    }
}
