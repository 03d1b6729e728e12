package dev.graft.data;

/** A part of a picture, in whole pixels. */
public record CropBox(int top, int left, int height, int width) {
    /** The middle of a picture; an odd pixel too much goes below and right. */
    public static CropBox middle(int fromHeight, int fromWidth, int height, int width) {
        return new CropBox((fromHeight - height) / 2, (fromWidth - width) / 2, height, width);
    }

    /** The largest part in the middle with the given aspect, cut to whole pixels as Keras' {@code smart_resize} does. */
    public static CropBox ofAspect(int fromHeight, int fromWidth, int height, int width) {
        long tall = (long) fromWidth * height / width;
        long wide = (long) fromHeight * width / height;
        return middle(fromHeight, fromWidth, (int) Math.max(1, Math.min(fromHeight, tall)), (int)
                Math.max(1, Math.min(fromWidth, wide)));
    }

    public boolean isAllOf(int fromHeight, int fromWidth) {
        return height == fromHeight && width == fromWidth;
    }
}
