package dev.graft.data;

import java.util.Locale;
import org.bytedeco.javacpp.Pointer;

/** Decodes pictures within the memory there is, and says so when that does not suffice. */
final class Decoding {
    /** Below this a failure has another cause than the memory. */
    private static final long LARGE = 32L << 20;
    /** Of what OpenCV's exception says; nothing else tells its lack of memory from damage. */
    private static final String SHORT_OF_MEMORY = "Insufficient memory";

    private Decoding() {}

    /** What is done with the pixels while they are there. */
    interface Use {
        void of(DecodedPicture picture);
    }

    /** Decodes a picture, hands it over and frees it. A large one that fails beside others is tried again by itself. */
    static void decode(DecodingMemory memory, PictureHeader header, int reduction, Use use)
            throws UnreadablePictureException {
        long bytes = bytes(header, reduction);
        try (DecodingMemory.Share share = memory.take(bytes);
                DecodedPicture picture = header.decoder().decode(header, reduction)) {
            use.of(picture);
            return;
        } catch (UnreadablePictureException failure) {
            if (bytes < LARGE) {
                throw failure;
            }
        } catch (OutOfMemoryError few) {
            if (bytes < LARGE) {
                throw tooLittle(header, bytes, few);
            }
        }
        try (DecodingMemory.Share all = memory.takeAll();
                DecodedPicture picture = header.decoder().decode(header, reduction)) {
            use.of(picture);
        } catch (OutOfMemoryError few) {
            throw tooLittle(header, bytes, few);
        } catch (UnreadablePictureException failure) {
            Throwable cause = failure.getCause();
            boolean lack = cause == null
                    ? Pointer.availablePhysicalBytes() < bytes
                    : String.valueOf(cause.getMessage()).contains(SHORT_OF_MEMORY);
            throw lack ? tooLittle(header, bytes, failure) : failure;
        }
    }

    private static UnreadablePictureException tooLittle(PictureHeader header, long bytes, Throwable cause) {
        return new UnreadablePictureException(
                String.format(
                        Locale.ROOT,
                        "not enough memory: %d x %d pixels need some %d MB; use fewer threads or make it smaller",
                        header.width(),
                        header.height(),
                        Math.max(1, bytes >> 20)),
                cause);
    }

    /** Roughly what a decoder takes: the pixels, and for most formats a second picture of its own beside them. */
    static long bytes(PictureHeader header, int reduction) {
        long pixels = (long) header.width() * header.height();
        long each =
                switch (header.format()) {
                    case JPEG -> 3;
                    case BMP, PNM -> 4;
                    case PNG, TIFF, GIF, WEBP -> 6;
                };
        return header.body().length + pixels * each / reduction / reduction;
    }
}
