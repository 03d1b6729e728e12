package dev.graft.data;

/**
 * What a file says of itself before anything is decoded: a hostile or broken file is refused here, in plain Java,
 * before memory is taken for the size it promises.
 *
 * @param format by its signature, whatever the file is called
 * @param width of the stored picture, pixels, before the orientation is applied
 * @param height of the stored picture, pixels
 * @param orientation how the stored picture lies
 * @param body the file as the decoder gets it: whole, or without what only makes decoders complain
 * @param decoder who makes pixels of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PictureHeader(
        PictureFormat format, int width, int height, Orientation orientation, byte[] body, Decoder decoder) {
    static final long MAX_PIXELS = 200_000_000;
    /** Below this no promise is worth doubting. */
    private static final long HARMLESS_PIXELS = 16_000_000;
    /** Above this only a picture of nothing stays so small: deflate packs a thousand bytes into one. */
    private static final long MAX_PIXELS_PER_BYTE = 2000;

    /** Of a picture that OpenCV decodes rightly by itself. */
    PictureHeader(PictureFormat format, int width, int height, Orientation orientation, byte[] body) {
        this(format, width, height, orientation, body, OpenCv::decode);
    }

    /**
     * Reads the header and checks what can be checked without decoding.
     *
     * @throws UnreadablePictureException when the file is empty, of no known format, too large or visibly damaged
     */
    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        PictureHeader header = peek(file);
        return header.format == PictureFormat.JPEG ? header.withBody(JpegScan.verify(header)) : header;
    }

    /** The same without a look at what follows the header. */
    static PictureHeader peek(byte[] file) throws UnreadablePictureException {
        FileKind kind = FileKind.of(file);
        PictureFormat format = kind.format().orElseThrow(() -> new UnreadablePictureException(kind.reason(file)));
        PictureHeader header =
                switch (format) {
                    case JPEG -> JpegHeader.read(file);
                    case PNG -> PngHeader.read(file);
                    case WEBP -> WebpHeader.read(file);
                    case BMP -> BmpHeader.read(file);
                    case PNM -> PnmHeader.read(file);
                    case TIFF -> TiffHeader.read(file);
                    case GIF -> GifHeader.read(file);
                };
        header.checkSize();
        return header;
    }

    private PictureHeader withBody(byte[] other) {
        return new PictureHeader(format, width, height, orientation, other, decoder);
    }

    private void checkSize() throws UnreadablePictureException {
        String size = width + " x " + height + " pixels";
        if (width < 1 || height < 1) {
            throw new UnreadablePictureException("corrupt " + format + ": its size is " + size);
        }
        long pixels = (long) width * height;
        if (pixels > MAX_PIXELS) {
            throw new UnreadablePictureException(
                    size + ": over the limit of " + MAX_PIXELS / 1_000_000 + " megapixels");
        }
        if (pixels > HARMLESS_PIXELS && pixels / MAX_PIXELS_PER_BYTE > body.length) {
            throw new UnreadablePictureException(
                    "truncated " + format + ": promises " + size + " in " + body.length + " bytes");
        }
    }
}
