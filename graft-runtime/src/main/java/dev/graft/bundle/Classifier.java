package dev.graft.bundle;

import dev.graft.Closing;
import dev.graft.GraftException;
import dev.graft.Preload;
import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureReader;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.encoder.ImagePass;
import dev.graft.encoder.ImagePass.Seen;
import dev.graft.report.Evaluation;
import dev.graft.report.InDistribution;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * A bundle ready to classify pictures, in ONNX Runtime. May be used by several threads, and closed at any moment: pictures
 * that are being looked at get their answer, whatever comes later throws an {@link IllegalStateException}.
 */
public final class Classifier implements AutoCloseable {
    private static final double TOLERANCE = 1e-3;

    private final Bundle bundle;
    private final InferenceSession session;
    private final PictureReader reader;
    private final ThreadLocal<HostTensor> pixels;
    private final int threads;
    private final Closing closing;

    private Classifier(Bundle bundle, InferenceSession session, String name, int threads) {
        this.bundle = bundle;
        this.session = session;
        this.reader = PictureReader.of(bundle.geometry());
        this.threads = threads;
        this.closing = Closing.of("the classifier " + name, session::close);
        int size = bundle.geometry().size();
        this.pixels = ThreadLocal.withInitial(() -> HostTensor.allocate(Shape.of(1, 3, size, size)));
    }

    /**
     * Opens a bundle and runs its test vector.
     *
     * @param threads how many pictures are classified at once
     * @throws GraftException if the bundle is not valid or gives other numbers here than where it was made
     */
    public static Classifier open(Path file, int threads) {
        Preload.start(PictureReader::load);
        return open(Bundle.read(file), file.toString(), threads);
    }

    /** The same for a bundle in memory; {@code name} is for messages. */
    public static Classifier open(Bundle bundle, String name, int threads) {
        InferenceSession session = session(bundle, name);
        try {
            check(bundle, session.testLogits(bundle.geometry()), name);
            return new Classifier(bundle, session, name, threads);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static InferenceSession session(Bundle bundle, String name) {
        try {
            return bundle.confidence().inDistribution() == null
                    ? InferenceSession.open(bundle.network(), 1)
                    : InferenceSession.withFeatures(bundle.network(), 1);
        } catch (GraftException e) {
            throw new GraftException(name + ": " + e.getMessage(), e);
        }
    }

    public static void check(Bundle bundle, List<Float> logits, String name) {
        List<Float> expected = bundle.testLogits();
        boolean same = expected.size() == logits.size() && bundle.labels().size() == logits.size();
        for (int i = 0; same && i < logits.size(); i++) {
            double scale = Math.max(1, Math.abs(expected.get(i)));
            same = Math.abs(expected.get(i) - logits.get(i)) <= TOLERANCE * scale;
        }
        if (!same) {
            throw new GraftException(name + ": its test picture gives " + logits + ", expected " + expected
                    + "; the file is damaged, or this machine computes differently: train it again");
        }
    }

    public Bundle bundle() {
        return bundle;
    }

    /**
     * Classifies one picture file.
     *
     * @throws UnreadablePictureException if it is no picture, damaged or too large; says why
     * @throws IllegalStateException if this is closed
     */
    public Prediction predict(Path picture) throws UnreadablePictureException {
        closing.check();
        return predict(PictureFiles.read(picture));
    }

    /** The same for what a stream gives to its end; it is not closed. */
    public Prediction predict(InputStream picture) throws UnreadablePictureException, IOException {
        closing.check();
        return predict(PictureFiles.read(picture));
    }

    /** The same for the bytes of a file. */
    public Prediction predict(byte[] picture) throws UnreadablePictureException {
        return Prediction.of(bundle.labels(), bundle.confidence(), answer(picture));
    }

    private InferenceSession.Answer answer(byte[] picture) throws UnreadablePictureException {
        closing.check();
        HostTensor input = pixels.get();
        reader.read(picture, View.plain(), input.values());
        try (var use = closing.use()) {
            return session.answer(input);
        }
    }

    /**
     * Classifies many picture files.
     *
     * @param progress is told how many are done
     * @return one entry a file, in order
     * @throws IllegalStateException if this is closed before all are done
     */
    public List<PredictedFile> predictAll(List<Path> pictures, IntConsumer progress) {
        List<Seen<InferenceSession.Answer>> rows = look(pictures, progress);
        List<PredictedFile> files = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            InferenceSession.Answer answer = rows.get(i).value();
            files.add(new PredictedFile(
                    pictures.get(i),
                    answer == null ? null : Prediction.of(bundle.labels(), bundle.confidence(), answer),
                    rows.get(i).unreadable()));
        }
        return files;
    }

    /**
     * Classifies labelled pictures and counts.
     *
     * @param pictures of the bundle's classes
     * @param progress is told how many are done
     * @throws GraftException if none of the pictures can be read
     * @throws IllegalStateException if this is closed before all are done
     */
    public EvaluatedFolder evaluate(PictureSet pictures, IntConsumer progress) {
        List<Seen<InferenceSession.Answer>> rows =
                look(pictures.pictures().stream().map(Picture::path).toList(), progress);
        List<float[]> logits = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        InDistribution inDistribution = bundle.confidence().inDistribution();
        int rejected = 0;
        for (int i = 0; i < rows.size(); i++) {
            Picture picture = pictures.pictures().get(i);
            InferenceSession.Answer answer = rows.get(i).value();
            if (answer == null) {
                skipped.add(
                        new Skipped(picture.path(), String.valueOf(rows.get(i).unreadable())));
            } else {
                logits.add(answer.logits());
                rejected += inDistribution != null && inDistribution.rejects(inDistribution.score(answer.features()))
                        ? 1
                        : 0;
                labels.add(picture.label());
            }
        }
        if (logits.isEmpty()) {
            throw new GraftException("none of the " + rows.size() + " pictures can be read; the first: "
                    + skipped.get(0).path() + ": " + skipped.get(0).reason());
        }
        return new EvaluatedFolder(
                Evaluation.of(
                        bundle.labels(),
                        logits,
                        labels.stream().mapToInt(Integer::intValue).toArray(),
                        bundle.confidence().temperature()),
                inDistribution == null ? OptionalInt.empty() : OptionalInt.of(rejected),
                skipped);
    }

    private List<Seen<InferenceSession.Answer>> look(List<Path> pictures, IntConsumer progress) {
        try (Workers workers = new Workers(threads)) {
            return ImagePass.by(workers).progress(progress).over(pictures, (index, file) -> answer(file));
        }
    }

    @Override
    public void close() {
        closing.close();
    }
}
