package dev.graft.data;

import java.util.Map;

/** Reads the first directory of a TIFF or BigTIFF file and decides who makes pixels of it. */
final class TiffHeader {
    private static final int ORIENTATION = 0x0112;
    private static final int EXTRA_SAMPLES = 0x0152;

    private TiffHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        TiffDirectory directory = TiffDirectory.of(file);
        TiffLayout layout = new TiffLayout(file, directory);
        Orientation orientation = Orientation.of(directory);
        if (layout.width < 1 || layout.height < 1 || layout.tileWidth < 1 || layout.tileHeight < 1) {
            throw new UnreadablePictureException(
                    "corrupt TIFF: its size is " + layout.width + " x " + layout.height + " pixels");
        }
        if (layout.needsLibtiff()) {
            // of associated transparency libtiff hands out the samples as they are
            byte[] body = directory.withNumbers(Map.of(ORIENTATION, 1, EXTRA_SAMPLES, 1));
            Transparency transparency = layout.alpha < 0
                    ? Transparency.NONE
                    : layout.associated ? Transparency.MULTIPLIED : Transparency.PLAIN;
            Decoder decoder = (header, reduction) -> OpenCv.decode(header, reduction, transparency, MatPicture.NO_KEY);
            return new PictureHeader(PictureFormat.TIFF, layout.width, layout.height, orientation, body, decoder);
        }
        if ((long) layout.width * layout.height <= PictureHeader.MAX_PIXELS) {
            layout.requireKnown();
        }
        Decoder decoder = (header, reduction) -> TiffPicture.decode(header.body(), layout);
        return new PictureHeader(PictureFormat.TIFF, layout.width, layout.height, orientation, file, decoder);
    }
}
