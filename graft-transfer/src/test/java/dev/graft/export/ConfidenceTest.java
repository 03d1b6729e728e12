package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.Confidence;
import dev.graft.bundle.Prediction;
import dev.graft.bundle.TinyBundles;
import dev.graft.data.ImageFolder;
import dev.graft.data.PictureReader;
import dev.graft.data.UnreadablePictureException;
import dev.graft.onnx.ExportedGraph;
import dev.graft.report.InDistribution;
import dev.graft.report.Softmax;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temperature and threshold go with the bundle, into predictions and into exported files. */
class ConfidenceTest {
    @TempDir
    Path folder;

    /** The features of the tiny network are four means after ReLU. */
    private static final HostTensor EXAMPLES =
            HostTensor.of(Shape.of(2, 4), new float[] {1, 0, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f});

    private static Bundle bundle(double temperature, double threshold) {
        return TinyBundles.bundle(1).confidence(new Confidence(temperature, new InDistribution(EXAMPLES, threshold)));
    }

    private Path picture() {
        Path file = folder.resolve("disc.png");
        GeneratedPictures.write(file, 0, 1);
        return file;
    }

    private Prediction predict(Bundle bundle) throws UnreadablePictureException {
        try (Classifier classifier = Classifier.open(bundle, "tiny", 1)) {
            return classifier.predict(picture());
        }
    }

    @Test
    void theTemperatureFlattensProbabilitiesAndKeepsTheRanking() throws UnreadablePictureException {
        Prediction plain = predict(TinyBundles.bundle(1));
        Prediction warm = predict(bundle(5, -1));
        assertThat(warm.best().label()).isEqualTo(plain.best().label());
        double odds =
                plain.ranking().get(0).probability() / plain.ranking().get(1).probability();
        double flatter =
                warm.ranking().get(0).probability() / warm.ranking().get(1).probability();
        assertThat(Math.log(flatter)).isCloseTo(Math.log(odds) / 5, within(1e-6));
        assertThat(plain.inDistribution()).isNaN();
        assertThat(plain.unknown()).isFalse();
    }

    @Test
    void whatIsLikeNoExampleIsUnknown() throws UnreadablePictureException {
        Prediction known = predict(bundle(1, -1));
        assertThat(known.unknown()).isFalse();
        assertThat(known.inDistribution()).isBetween(0.1, 0.9999);
        assertThat(predict(bundle(1, known.inDistribution() + 1e-5)).unknown()).isTrue();
        assertThat(predict(bundle(1, known.inDistribution() - 1e-5)).unknown()).isFalse();
        Path pictures = GeneratedPictures.folder(folder.resolve("all"), 2, 6);
        try (Classifier strict = Classifier.open(bundle(1, 1), "tiny", 2);
                Classifier plain = Classifier.open(TinyBundles.bundle(1), "tiny", 2)) {
            var set = ImageFolder.readAs(pictures, TinyBundles.LABELS);
            assertThat(strict.evaluate(set, done -> {}).rejected()).hasValue(12);
            assertThat(plain.evaluate(set, done -> {}).rejected()).isEmpty();
        }
    }

    @Test
    void aFileKeepsBoth() throws IOException {
        Path file = folder.resolve("tiny.graft");
        bundle(2.5, 0.75).write(file);
        assertThat(Bundle.read(file).confidence()).isEqualTo(bundle(2.5, 0.75).confidence());
        byte[] first = Files.readAllBytes(file);
        Bundle.read(file).write(file);
        assertThat(file).hasBinaryContent(first);
        assertThat(TinyBundles.entries(file)).containsKey("in_distribution.safetensors");
    }

    @Test
    void examplesThatDoNotFitAreRefused() throws IOException {
        Path file = folder.resolve("tiny.graft");
        HostTensor narrow = HostTensor.of(Shape.of(1, 3), new float[] {1, 0, 0});
        HostTensor fitting = HostTensor.of(Shape.of(1, 4), new float[] {1, 0, 0, 0});
        TinyBundles.bundle(1)
                .confidence(new Confidence(1, new InDistribution(fitting, 0)))
                .write(file);
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        Safetensors.write(other, Map.of("examples", narrow), Map.of());
        Map<String, byte[]> entries = TinyBundles.entries(file);
        entries.put("in_distribution.safetensors", other.toByteArray());
        TinyBundles.writeStored(file, entries);
        assertThatThrownBy(() -> Bundle.read(file))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("in_distribution.safetensors has no examples of 4 features");
    }

    @Test
    void exportedFilesSayTheSame() throws UnreadablePictureException {
        Bundle bundle = bundle(3, 0.6);
        BundleExport export = BundleExport.of(bundle, "tiny").withPreprocessing();
        export.toOnnx(folder.resolve("tiny.onnx"));
        assertThat(BundleExport.metadata(bundle))
                .containsAllEntriesOf(Map.of("temperature", "3.0", "in_distribution_threshold", "0.6"));
        int side = bundle.geometry().resize();
        byte[] pixels = new byte[side * side * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 % 251);
        }
        Prediction own = predicted(bundle, pixels, side);
        try (ExportedGraph graph = ExportedGraph.open(export.graph().bytes())) {
            ExportedGraph.Answer answer = graph.answer(pixels, side, side);
            double[] expected = Softmax.of(answer.logits().toArray(), 3);
            assertThat((double) answer.probabilities().get(0)).isCloseTo(expected[0], within(1e-6));
            assertThat(answer.inDistribution()).isNotNull();
            assertThat((double) answer.inDistribution().get(0)).isCloseTo(own.inDistribution(), within(1e-5));
        }
        try (ExportedGraph half = ExportedGraph.open(export.halved().content())) {
            ExportedGraph.Answer answer = half.answer(pixels, side, side);
            assertThat(answer.inDistribution()).isNotNull();
            assertThat((double) answer.inDistribution().get(0)).isCloseTo(own.inDistribution(), within(5e-3));
        }
        try (ExportedGraph without =
                ExportedGraph.open(export.withoutInDistribution().graph().bytes())) {
            assertThat(without.answer(pixels, side, side).inDistribution()).isNull();
        }
    }

    private Prediction predicted(Bundle bundle, byte[] pixels, int side) throws UnreadablePictureException {
        PictureReader.load();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(("P6 " + side + " " + side + " 255\n").getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(pixels);
        try (Classifier classifier = Classifier.open(bundle, "tiny", 1)) {
            return classifier.predict(Files.write(folder.resolve("square.ppm"), file.toByteArray()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
