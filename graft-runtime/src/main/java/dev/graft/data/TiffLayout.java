package dev.graft.data;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How the pixels of a TIFF are stored, by the tags of its first directory (TIFF 6.0, sections 3 to 18): these decide,
 * whatever the number of channels.
 */
final class TiffLayout {
    static final int WHITE_IS_ZERO = 0;
    static final int BLACK_IS_ZERO = 1;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int CMYK = 5;
    static final int UNSIGNED = 1;
    static final int SIGNED = 2;
    static final int FLOAT = 3;
    private static final int UNTYPED = 4;

    private static final int YCBCR = 6;
    private static final int LAB = 8;
    private static final int MAX_CHANNELS = 4096;
    private static final int MAX_TILE = 1 << 24;
    private static final long MAX_ROW = 1 << 28;
    private static final long MAX_BYTES = 1L << 30;

    final ByteOrder order;
    final int width;
    final int height;
    /** Of one sample. */
    final int bits;
    /** {@link #UNSIGNED}, {@link #SIGNED} or {@link #FLOAT}. */
    final int kind;

    final int photometric;
    /** How many samples a pixel has. */
    final int channels;
    /** Which of them is the transparency; negative when none is. */
    final int alpha;
    /** Whether the colours are already multiplied by it. */
    final boolean associated;

    final boolean planar;
    final int predictor;
    final int compression;
    final int fillOrder;
    final boolean tiled;
    final int tileWidth;
    final int tileHeight;
    final long[] offsets;
    final long[] byteCounts;
    /** Red, green and blue of all entries, 16 bits each. */
    final long[] palette;

    TiffLayout(byte[] file, TiffDirectory directory) throws UnreadablePictureException {
        order = TiffDirectory.order(file);
        width = whole(directory, 256, 0);
        height = whole(directory, 257, 0);
        long[] depths = directory.numbers(258);
        bits = depths.length == 0 ? 1 : (int) depths[0];
        if (Arrays.stream(depths).anyMatch(depth -> depth != bits)) {
            throw unread("whose channels differ in bits");
        }
        int format = whole(directory, 339, UNSIGNED);
        kind = format == UNTYPED ? UNSIGNED : format;
        compression = whole(directory, 259, 1);
        channels = whole(directory, 277, 1);
        photometric = whole(directory, 262, channels >= 3 ? RGB : BLACK_IS_ZERO);
        planar = whole(directory, 284, 1) == 2 && channels > 1;
        predictor = whole(directory, 317, 1);
        fillOrder = whole(directory, 266, 1);
        tiled = directory.has(322);
        tileWidth = tiled ? whole(directory, 322, 0) : width;
        tileHeight = tiled ? whole(directory, 323, 0) : (int) Math.min(height, directory.number(278, height));
        offsets = directory.numbers(tiled && directory.has(324) ? 324 : 273);
        byteCounts = directory.numbers(tiled && directory.has(325) ? 325 : 279);
        palette = directory.numbers(320);
        long[] extra = directory.numbers(338);
        int transparent = -1;
        for (int i = extra.length - 1; i >= 0; i--) {
            transparent = extra[i] == 1 || extra[i] == 2 ? i : transparent;
        }
        alpha = transparent < 0 || channels < extra.length ? -1 : channels - extra.length + transparent;
        associated = alpha >= 0 && extra[transparent] == 1;
    }

    private static int whole(TiffDirectory directory, int tag, int otherwise) throws UnreadablePictureException {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, directory.number(tag, otherwise)));
    }

    /** Whether libtiff must make pixels of the data, as JPEG, fax codes and unusual colours need it. */
    boolean needsLibtiff() {
        boolean packed = compression == 6 || compression == 7 || (compression >= 2 && compression <= 4);
        return packed || compression == 32771 || photometric == YCBCR || photometric == LAB;
    }

    /** Fails when the samples are of a kind of which no picture can be made. */
    void requireKnown() throws UnreadablePictureException {
        switch (photometric) {
            case WHITE_IS_ZERO, BLACK_IS_ZERO -> {}
            case RGB -> requireChannels(3);
            case CMYK -> requireChannels(4);
            case PALETTE -> {
                if (bits > 8 || kind == FLOAT || palette.length < 3 << bits) {
                    throw unread("with a palette of " + palette.length / 3 + " colours and " + bits + " bits");
                }
            }
            case 9, 10 -> throw unread("in CIE L*a*b* colours");
            case 32844, 32845 -> throw unread("in LogLuv colours");
            default -> throw unread("with photometric interpretation " + photometric);
        }
        boolean known = kind == FLOAT
                ? bits == 16 || bits == 32 || bits == 64
                : kind <= FLOAT && kind > 0 && ((bits >= 1 && bits <= 16) || bits == 32 || bits == 64);
        if (!known || (kind == SIGNED && bits < 8)) {
            throw unread("of " + bits + " bits a sample, format " + kind);
        }
        boolean predicts =
                predictor == 1 || (predictor == 2 && bits % 8 == 0 && bits <= 64) || (predictor == 3 && kind == FLOAT);
        if (!predicts) {
            throw unread("with predictor " + predictor + " on " + bits + " bits");
        }
        requirePieces();
        if (rowBytes(storedWidth()) * height * (planar ? channels : 1) > MAX_BYTES
                || (long) width * channels > MAX_ROW) {
            throw new UnreadablePictureException(
                    width + " x " + height + " pixels of " + channels + " channels: over the limit of 1 GB");
        }
    }

    private void requirePieces() throws UnreadablePictureException {
        boolean sound = channels > 0 && channels <= MAX_CHANNELS && Math.max(tileWidth, tileHeight) <= MAX_TILE;
        if (!sound || rowBytes(tileWidth) > MAX_ROW || (!tiled && tileWidth != width)) {
            throw new UnreadablePictureException(
                    "corrupt TIFF: " + channels + " channels in tiles of " + tileWidth + " x " + tileHeight);
        }
        if (piecesPerPlane() * (planar ? channels : 1L) > offsets.length) {
            throw new UnreadablePictureException("corrupt TIFF: it has " + offsets.length + " strips or tiles of "
                    + piecesPerPlane() * (planar ? channels : 1L));
        }
    }

    private void requireChannels(int least) throws UnreadablePictureException {
        if (channels < least) {
            throw new UnreadablePictureException(
                    "corrupt TIFF: its colours need " + least + " channels, it has " + channels);
        }
    }

    static UnreadablePictureException unread(String what) {
        return new UnreadablePictureException(
                "a TIFF " + what + ", which is not read; save it as RGB or grey of 8 bits");
    }

    /** How many samples of a pixel lie side by side. */
    int together() {
        return planar ? 1 : channels;
    }

    /** How many bytes a row of so many pixels has, in one plane. */
    long rowBytes(int pixels) {
        return ((long) pixels * together() * bits + 7) / 8;
    }

    private long across() {
        return tiled ? ((long) width + tileWidth - 1) / tileWidth : 1;
    }

    /** How many pixels a row has as it is stored: tiles are whole. */
    int storedWidth() {
        return tiled ? (int) Math.min(Integer.MAX_VALUE, across() * tileWidth) : width;
    }

    /** How many strips or tiles make up one plane. */
    long piecesPerPlane() {
        return across() * (((long) height + tileHeight - 1) / tileHeight);
    }
}
