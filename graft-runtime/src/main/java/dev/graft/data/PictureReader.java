package dev.graft.data;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns the bytes of a picture file into what a network takes: {@code [3, size, size]}, red, green and blue planes of
 * grey levels 0 to 255, not normalised. The resize is Pillow's antialiased one, bilinear or bicubic, which torchvision uses; EXIF
 * orientation is applied, transparency is laid over white, 16-bit samples become 8-bit ones, an animation gives its
 * first frame. May be used by many threads at once; each keeps working memory of some 20 bytes a sample.
 */
public final class PictureReader {
    /** A sixteenth of the levels. */
    private static final float DARK = 16;

    private final InputGeometry geometry;
    private final RandomViews views;
    private final ThreadLocal<Workspace> workspace;
    private final AtomicInteger dark = new AtomicInteger();

    private static final class Workspace {
        final Resampler resampler;
        final float[] pixels;

        Workspace(InputGeometry geometry) {
            this.resampler = new Resampler(geometry.size(), geometry.interpolation());
            this.pixels = new float[geometry.elements()];
        }
    }

    private PictureReader(InputGeometry geometry, RandomViews views) {
        this.geometry = geometry;
        this.views = views;
        this.workspace = ThreadLocal.withInitial(() -> new Workspace(geometry));
    }

    /**
     * What to tell of pictures read so far that are nearly black since they use a sixteenth of their range or less, as
     * measurements of 12 bits in files of 16 do; empty where there are none.
     */
    public Optional<String> darkNote() {
        int count = dark.get();
        return count == 0
                ? Optional.empty()
                : Optional.of((count == 1 ? "1 picture uses" : count + " pictures use")
                        + " a sixteenth of the range or less, nearly black for the network; values of 12 bits in files of 16"
                        + " are to be multiplied by 16");
    }

    /** Loads the native library now, on this thread; else the first picture waits for it, about 0.3 s. */
    public static void load() {
        OpenCv.load();
    }

    /** A reader to which every view is the plain one. */
    public static PictureReader of(InputGeometry geometry) {
        return new PictureReader(geometry, RandomViews.NONE);
    }

    /**
     * The same with random views.
     *
     * @throws dev.graft.GraftException if they would not keep the square's size
     */
    public PictureReader augment(RandomViews other) {
        other.requireSize(geometry.size());
        return new PictureReader(geometry, other);
    }

    public InputGeometry geometry() {
        return geometry;
    }

    /**
     * Reads one picture.
     *
     * @param file the whole file
     * @param view which view of it
     * @param out gets {@code 3 * size * size} numbers from its position on, which advances; untouched on failure
     * @throws UnreadablePictureException when the file is no picture, damaged or too large
     */
    public void read(byte[] file, View view, FloatBuffer out) throws UnreadablePictureException {
        PictureHeader header = PictureHeader.read(file);
        Orientation lies = header.orientation();
        int width = lies.transposed ? header.height() : header.width();
        int height = lies.transposed ? header.width() : header.height();
        SplittableRandom random = view.random(file);
        Placement place = view.isPlain()
                ? Placement.plain(geometry, width, height)
                : views.crop(width, height, random)
                        .map(box -> Placement.of(box, geometry))
                        .orElseGet(() -> Placement.plain(geometry, width, height));
        Workspace work = workspace.get();
        resample(header, place, work.resampler);
        write(work, lies);
        if (view.isPlain() && header.format().isDeep() && isDark(work.pixels)) {
            dark.incrementAndGet();
        }
        out.put(view.isPlain() ? FloatBuffer.wrap(work.pixels) : views.change(work.pixels, geometry.size(), random));
    }

    private static boolean isDark(float[] pixels) {
        for (float level : pixels) {
            if (level > DARK) {
                return false;
            }
        }
        return true;
    }

    private static void resample(PictureHeader header, Placement place, Resampler resampler)
            throws UnreadablePictureException {
        Orientation lies = header.orientation();
        Span columns = lies.transposed ? place.y() : place.x();
        Span rows = lies.transposed ? place.x() : place.y();
        Span x = lies.mirrorX ? columns.mirrored(header.width()) : columns;
        Span y = lies.mirrorY ? rows.mirrored(header.height()) : rows;
        int reduction = header.format() == PictureFormat.JPEG ? place.reduction() : 1;
        Decoding.decode(
                DecodingMemory.OF_THIS_PROCESS,
                header,
                reduction,
                picture -> resampler.resample(picture, x.reduced(reduction), y.reduced(reduction)));
    }

    /** Sorts the square's samples into planes, upright. */
    private void write(Workspace work, Orientation lies) {
        int size = geometry.size();
        int plane = size * size;
        int sample = 0;
        for (int storedY = 0; storedY < size; storedY++) {
            int down = lies.mirrorY ? size - 1 - storedY : storedY;
            for (int storedX = 0; storedX < size; storedX++) {
                int across = lies.mirrorX ? size - 1 - storedX : storedX;
                int x = lies.transposed ? down : across;
                int y = lies.transposed ? across : down;
                int at = y * size + x;
                work.pixels[at] = work.resampler.level(sample++);
                work.pixels[at + plane] = work.resampler.level(sample++);
                work.pixels[at + 2 * plane] = work.resampler.level(sample++);
            }
        }
    }
}
