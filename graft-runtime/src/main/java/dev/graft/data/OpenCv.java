package dev.graft.data;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import dev.graft.GraftException;
import dev.graft.NativePlaces;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.ErrorCallback;
import org.bytedeco.opencv.opencv_core.Mat;

/** The one call into OpenCV: bytes of a checked file in, its pixels out. */
final class OpenCv {
    private static final String SET_LOG_LEVEL = "_ZN2cv5utils7logging11setLogLevelENS1_8LogLevelE";
    private static final int SILENT = 0;

    /** As the file has them: bits, channels, blue first. */
    static final int UNCHANGED = IMREAD_UNCHANGED;

    private static volatile boolean loaded;

    private OpenCv() {}

    /**
     * Loads the library; the first call takes some tenths of a second, later ones cost nothing.
     *
     * @throws GraftException if it cannot be loaded
     */
    static void load() {
        if (!loaded) {
            loadNatives();
        }
    }

    private static synchronized void loadNatives() {
        if (loaded) {
            return;
        }
        NativePlaces.prepareJavaCpp();
        try {
            Loader.load(opencv_imgcodecs.class);
            // pictures are decoded side by side; threads inside one would only get in each other's way
            opencv_core.setNumThreads(1);
            silence();
            loaded = true;
        } catch (LinkageError e) {
            throw NativePlaces.failure("OpenCV", e, "Graft runs on linux-x86_64, macosx-arm64 and windows-x86_64");
        }
    }

    /**
     * Decodes a picture as it is stored, orientation not applied.
     *
     * @param reduction 1, or 2, 4 or 8 for a JPEG to be decoded at that fraction of its size
     */
    static DecodedPicture decode(PictureHeader header, int reduction) throws UnreadablePictureException {
        return decode(header, reduction, Transparency.PLAIN, MatPicture.NO_KEY);
    }

    /**
     * The same of a picture with transparency of another kind.
     *
     * @param greyKey the level of a grey picture, as it is decoded, that is transparent
     */
    static DecodedPicture decode(PictureHeader header, int reduction, Transparency transparency, int greyKey)
            throws UnreadablePictureException {
        boolean rgb = header.format() == PictureFormat.JPEG || header.format() == PictureFormat.BMP;
        Mat pixels = imread(
                header.format().toString(),
                header.body(),
                rgb ? IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION | reduced(reduction) : UNCHANGED);
        try {
            int width = (header.width() + reduction - 1) / reduction;
            int height = (header.height() + reduction - 1) / reduction;
            if (pixels.cols() != width || pixels.rows() != height) {
                throw new UnreadablePictureException("corrupt or truncated " + header.format());
            }
            return MatPicture.of(pixels, transparency, rgb, greyKey);
        } catch (UnreadablePictureException | RuntimeException failure) {
            pixels.close();
            throw failure;
        }
    }

    /**
     * What OpenCV makes of a file, empty when nothing.
     *
     * @param format for messages
     */
    static Mat imread(String format, byte[] body, int flags) throws UnreadablePictureException {
        load();
        try (BytePointer bytes = new BytePointer(body);
                Mat encoded = new Mat(1, body.length, opencv_core.CV_8UC1, bytes)) {
            return imdecode(encoded, flags);
        } catch (RuntimeException failure) {
            // OpenCV's own message names its source files, which tells a user nothing
            throw new UnreadablePictureException("corrupt " + format + ": it cannot be decoded", failure);
        }
    }

    private static int reduced(int reduction) {
        return switch (reduction) {
            case 2 -> IMREAD_REDUCED_GRAYSCALE_2;
            case 4 -> IMREAD_REDUCED_GRAYSCALE_4;
            case 8 -> IMREAD_REDUCED_GRAYSCALE_8;
            default -> 0;
        };
    }

    /**
     * Turns off OpenCV's log, which would write into the user's terminal. JavaCPP has no binding for
     * {@code cv::utils::logging::setLogLevel}, so its address is called through the type of another function that takes
     * an int first and returns one; the arguments it does not have are ignored in every C calling convention we run on.
     * Where the symbol has another name (Windows) the log stays as it is.
     */
    private static void silence() {
        Pointer setLogLevel = Loader.addressof(SET_LOG_LEVEL);
        if (setLogLevel == null) {
            return;
        }
        BytePointer none = null;
        try (PointerPointer<Pointer> function = new PointerPointer<>(setLogLevel, null);
                ErrorCallback call = new ErrorCallback(function)) {
            call.call(SILENT, none, none, none, 0, null);
        }
    }
}
