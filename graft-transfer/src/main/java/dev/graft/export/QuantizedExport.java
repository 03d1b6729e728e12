package dev.graft.export;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.ReadBack;
import dev.graft.WholeFile;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.onnx.ExportedGraph;
import dev.graft.onnx.Quantization;
import dev.graft.onnx.RangeCalibration;
import dev.graft.report.Evaluation;
import dev.graft.report.Softmax;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A bundle as an ONNX file in 8 bits, measured before it is written.
 *
 * @param export of the same file in float32, with batch normalisation folded
 * @param pictures to calibrate and to measure with
 * @param allowedLoss the largest share of the held-out pictures by which it may do worse than float32
 */
public record QuantizedExport(BundleExport export, QuantizationPictures pictures, double allowedLoss) {
    /** What is allowed where nothing else is asked for. */
    public static final double ALLOWED_LOSS = 0.05;

    public QuantizedExport {
        if (export.keepsBatchNorm() || export.inHalf()) {
            throw new IllegalArgumentException("8 bits are made of float32 with batch normalisation folded");
        }
        // Features in 8 bits are others, for which the threshold was not set.
        export = export.withoutInDistribution();
    }

    /**
     * How it does on the held-out pictures.
     *
     * @param before in float32
     * @param after in 8 bits
     * @param agreement the share of pictures that both take for the same class
     * @param calibrated how many pictures the ranges of numbers were taken of
     * @param skipped pictures that were left out since they cannot be read
     */
    public record Result(Evaluation before, Evaluation after, double agreement, int calibrated, List<Skipped> skipped) {
        public Result {
            skipped = List.copyOf(skipped);
        }
    }

    /** How many steps {@link #toOnnx} tells of. */
    public int steps() {
        return 2 * pictures.calibration().size() + pictures.heldOut().size();
    }

    /**
     * Calibrates, measures and writes the file, in place of one that is there.
     *
     * @param progress is told how many steps are done
     * @throws GraftException if too many pictures are lost, if float32 does not compute what the network computes, if no
     *     picture can be read, or if the file cannot be written; what was there before is then untouched
     */
    public Result toOnnx(Path file, IntConsumer progress) {
        export.checkOwn();
        Run run = new Run(progress);
        byte[] network = BundleExport.of(export.bundle(), export.name()).graph().bytes();
        byte[] whole = export.graph().bytes();
        ExportCheck.of(export, whole);
        RangeCalibration.Ranges ranges = run.calibrate(network);
        byte[] quantized = Quantization.of(whole, ranges);
        byte[] withoutPictures = export.preprocesses() ? Quantization.of(network, ranges) : quantized;
        Result result = run.compare(network, withoutPictures);
        accept(result);
        if (export.preprocesses()) {
            ExportCheck.ofPictures(export, quantized, withoutPictures);
        }
        ReadBack.write(WholeFile.at(file), quantized);
        return result;
    }

    private void accept(Result result) {
        int lost = result.before().correct() - result.after().correct();
        if (lost > allowedLoss * result.before().total()) {
            throw new GraftException(String.format(
                    Locale.ROOT,
                    "%s: in 8 bits it gets %d of %d held-out pictures right, in float32 %d; at most %.1f %% of them may be"
                            + " lost, so nothing was written; export in half precision, or allow more",
                    export.name(),
                    result.after().correct(),
                    result.after().total(),
                    result.before().correct(),
                    100 * allowedLoss));
        }
    }

    private final class Run {
        private final IntConsumer progress;
        private final PictureReader reader = PictureReader.of(export.bundle().geometry());
        private final Map<Path, Skipped> skipped = new LinkedHashMap<>();
        private int done;
        private int calibrated;

        Run(IntConsumer progress) {
            this.progress = progress;
            pictures.skipped().forEach(picture -> skipped.put(picture.path(), picture));
        }

        RangeCalibration.Ranges calibrate(byte[] network) {
            List<Picture> all = pictures.calibration().pictures();
            try (RangeCalibration calibration = RangeCalibration.open(network)) {
                all.forEach(picture -> read(picture).ifPresent(pixels -> {
                    calibration.measure(pixels);
                    calibrated++;
                }));
                if (calibrated == 0) {
                    throw none("to calibrate with", all);
                }
                all.forEach(picture -> read(picture).ifPresent(calibration::count));
                return calibration.ranges();
            }
        }

        Result compare(byte[] network, byte[] quantized) {
            List<float[]> before = new ArrayList<>();
            List<float[]> after = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            int same = 0;
            try (ExportedGraph floats = ExportedGraph.open(network);
                    ExportedGraph bytes = ExportedGraph.open(quantized)) {
                for (Picture picture : pictures.heldOut().pictures()) {
                    Optional<HostTensor> pixels = read(picture);
                    if (pixels.isPresent()) {
                        float[] one = floats.logits(pixels.get()).toArray();
                        float[] other = bytes.logits(pixels.get()).toArray();
                        before.add(one);
                        after.add(other);
                        labels.add(picture.label());
                        same += Softmax.argmax(one) == Softmax.argmax(other) ? 1 : 0;
                    }
                }
            }
            if (labels.isEmpty()) {
                throw none("that were held out", pictures.heldOut().pictures());
            }
            int[] classes = labels.stream().mapToInt(Integer::intValue).toArray();
            List<String> names = export.bundle().labels();
            return new Result(
                    Evaluation.of(names, before, classes),
                    Evaluation.of(names, after, classes),
                    (double) same / classes.length,
                    calibrated,
                    List.copyOf(skipped.values()));
        }

        private GraftException none(String which, List<Picture> all) {
            Skipped first = Objects.requireNonNull(skipped.get(all.get(0).path()));
            return new GraftException("none of the pictures " + which + " can be read, the first is "
                    + FileName.shown(first.path()) + ": " + first.reason() + "; fix them or give another folder");
        }

        /** Empty for one that is damaged. */
        private Optional<HostTensor> read(Picture picture) {
            progress.accept(++done);
            int size = export.bundle().geometry().size();
            HostTensor pixels = HostTensor.allocate(Shape.of(1, 3, size, size));
            try {
                reader.read(PictureFiles.read(picture.path()), View.plain(), pixels.values());
                return Optional.of(pixels);
            } catch (UnreadablePictureException e) {
                skipped.put(picture.path(), new Skipped(picture.path(), e.reason()));
                return Optional.empty();
            }
        }
    }
}
