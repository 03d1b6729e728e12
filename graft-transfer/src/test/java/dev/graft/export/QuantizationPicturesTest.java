package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Confidence;
import dev.graft.bundle.TinyBundles;
import dev.graft.data.ImageFolder;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured in 8 bits is what training held out, and the file says the truth about it or is not written. */
class QuantizationPicturesTest {
    private static final int OF_A_CLASS = 20;

    @TempDir
    Path folder;

    @BeforeEach
    void draw() throws IOException {
        Random random = new Random(3);
        for (String label : TinyBundles.LABELS) {
            Path pictures = Files.createDirectories(folder.resolve(label));
            for (int i = 0; i < OF_A_CLASS; i++) {
                byte[] pixels = new byte[16 * 16 * 3];
                random.nextBytes(pixels);
                Path file = pictures.resolve(i + ".ppm");
                Files.write(file, "P6 16 16 255\n".getBytes(StandardCharsets.US_ASCII));
                Files.write(file, pixels, StandardOpenOption.APPEND);
            }
        }
    }

    private static Bundle bundle(int training, int validation, int test) {
        Bundle tiny = TinyBundles.bundle(1);
        ObjectNode provenance = JsonNodeFactory.instance.objectNode();
        provenance.putObject("settings").put("seed", 11);
        provenance
                .putObject("data")
                .put("training", training)
                .put("validation", validation)
                .put("test", test);
        return new Bundle(
                tiny.labels(), tiny.geometry(), tiny.network(), tiny.testLogits(), Confidence.plain(), provenance);
    }

    @Test
    void theHeldOutPicturesAreThoseOfTraining() {
        PictureSet heldOut = ImageFolder.read(folder).split(0.2, 0.1, 11).validation();
        QuantizationPictures pictures = QuantizationPictures.of(bundle(28, 8, 4), folder);
        assertThat(pictures.heldOut()).isEqualTo(heldOut);
        assertThat(pictures.neverTrainedOn()).isTrue();
        assertThat(pictures.calibration().pictures()).hasSize(32).doesNotContainAnyElementsOf(heldOut.pictures());
        assertThat(QuantizationPictures.of(bundle(32, 8, 0), folder).neverTrainedOn())
                .isTrue();
        assertThat(QuantizationPictures.of(bundle(40, 10, 0), folder).neverTrainedOn())
                .isFalse();
    }

    @Test
    void whatCannotBeReadTakesNoPlaceAsInTraining() throws IOException {
        PictureSet heldOut = ImageFolder.read(folder).split(0.2, 0, 11).validation();
        for (String name : List.of("0a.ppm", "3a.ppm", "9a.ppm")) {
            Files.writeString(folder.resolve(TinyBundles.LABELS.get(0)).resolve(name), "no picture");
        }
        Bundle bundle = bundle(32, 8, 0);
        ((ObjectNode) bundle.provenance().path("data")).put("skipped", 3);
        QuantizationPictures pictures = QuantizationPictures.of(bundle, folder);
        assertThat(pictures.heldOut()).isEqualTo(heldOut);
        assertThat(pictures.neverTrainedOn()).isTrue();
    }

    /** What training left out is known before, what was damaged since when its turn comes. */
    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        Path discs = folder.resolve(TinyBundles.LABELS.get(0));
        Files.writeString(discs.resolve("0a.ppm"), "no picture");
        Files.writeString(discs.resolve("notes.txt"), "later");
        Bundle bundle = bundle(32, 8, 0);
        ((ObjectNode) bundle.provenance().path("data")).put("skipped", 1);
        QuantizationPictures pictures = QuantizationPictures.of(bundle, folder);
        assertThat(pictures.remarks()).containsExactly("passed over, as they are no pictures that are read: 1 .txt");
        Path measured = pictures.calibration().pictures().get(0).path();
        Path held = pictures.heldOut().pictures().get(0).path();
        Files.writeString(measured, "no picture");
        Files.writeString(held, "no picture");
        QuantizedExport.Result result = new QuantizedExport(BundleExport.of(bundle, "tiny.graft"), pictures, 1)
                .toOnnx(folder.resolve("tiny.onnx"), steps -> {});
        assertThat(result.skipped()).extracting(Skipped::path).containsExactly(discs.resolve("0a.ppm"), measured, held);
        assertThat(result.skipped()).extracting(Skipped::reason).containsOnly("not a picture (starts with 'no pictu')");
        assertThat(result.calibrated()).isEqualTo(31);
        assertThat(result.before().total()).isEqualTo(7);
        for (Picture picture : pictures.calibration().pictures()) {
            Files.writeString(picture.path(), "no picture");
        }
        Refusals.refused(
                () -> new QuantizedExport(BundleExport.of(bundle, "tiny.graft"), pictures, 1)
                        .toOnnx(folder.resolve("tiny.onnx"), steps -> {}),
                "none of the pictures to calibrate with can be read, the first is " + measured + ": not a picture");
    }

    @Test
    void originsAreKeptTogetherAsInTraining() {
        Bundle bundle = bundle(32, 8, 0);
        ((ObjectNode) bundle.provenance().path("data")).put("group_by", "^(\\d)");
        LabelledPictures read = ImageFolder.read(folder);
        PictureSet heldOut =
                read.split(0.2, 0, 11, PictureGroups.byName(read, "^(\\d)")).validation();
        assertThat(QuantizationPictures.of(bundle, folder).heldOut())
                .isEqualTo(heldOut)
                .isNotEqualTo(read.split(0.2, 0, 11).validation());
    }

    @Test
    void otherClassesAreRefused() throws IOException {
        Files.move(folder.resolve("discs"), folder.resolve("rings"));
        assertThatThrownBy(() -> QuantizationPictures.of(bundle(32, 8, 0), folder))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("its classes are rings, squares, the model's discs, squares");
    }

    @Test
    void theResultIsMeasuredAndTooMuchLossRefused() throws IOException {
        Bundle bundle = bundle(32, 8, 0);
        BundleExport export = BundleExport.of(bundle, "tiny.graft");
        QuantizationPictures pictures = QuantizationPictures.of(bundle, folder);
        for (BundleExport each : List.of(export, export.withPreprocessing())) {
            Path file = folder.resolve("tiny.onnx");
            int[] done = {0};
            QuantizedExport quantized = new QuantizedExport(each, pictures, 1);
            QuantizedExport.Result result = quantized.toOnnx(file, steps -> done[0] = steps);
            assertThat(done[0]).isEqualTo(quantized.steps());
            assertThat(result.before().total()).isEqualTo(8);
            assertThat(result.after().total()).isEqualTo(8);
            assertThat(result.agreement()).isBetween(0.5, 1.0);
            assertThat(file).isNotEmptyFile();
            Files.delete(file);
            // Less than nothing may be lost: as if it had lost something.
            assertThatThrownBy(() -> new QuantizedExport(each, pictures, -1).toOnnx(file, steps -> {}))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("held-out pictures right")
                    .hasMessageContaining("nothing was written");
            assertThat(file).doesNotExist();
        }
    }
}
