package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.Sha256;
import dev.graft.bundle.Bundle;
import dev.graft.data.InputGeometry;
import dev.graft.model.Network;
import dev.graft.onnx.ForeignFiles;
import dev.graft.testing.Folders;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Pooling;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.network.TransferNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fine-tuned model of discs and squares learns of stripes too. */
@Tag("slow")
class PreviousModelTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path work;

    @SuppressWarnings("NullAway.Init")
    private static Path old;

    @BeforeAll
    static void trainTheOldModel() {
        old = save(Runs.fineTuned(work, "features.12"), "old.graft");
        GeneratedPictures.folder(work.resolve("more"), 3, 8);
    }

    private static Path save(TransferSettings settings, String name) {
        Path file = work.resolve(name);
        Runs.run(settings).bundle().write(file);
        return file;
    }

    /** The head only, on a folder below {@link #work}. */
    private static TransferSettings headOn(String folder) {
        return Runs.head(work, work.resolve(folder));
    }

    private static void refused(Path file, String... parts) {
        assertThatThrownBy(() -> PreviousModel.read(file))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContainingAll(parts);
    }

    @Test
    void theOldBackboneStaysAndTheNewHeadKnowsMore() throws IOException {
        PreviousModel continuation = PreviousModel.read(old);
        TransferSettings settings = Runs.trained(headOn("more"), 20, 1e-2)
                .without(BackboneSettings.IMAGE_SIZE)
                .with(BackboneSettings.BACKBONE, continuation);
        assertThat(settings.find(BackboneSettings.IMAGE_SIZE)).contains(48);
        TransferResult result = Runs.run(settings);
        Network before = continuation.bundle().network();
        Network fresh = TransferNetwork.of(Runs.head(work).get(BackboneSettings.BACKBONE), 3, 0)
                .network();
        Network network = result.network().network();
        assertThat(network.weight(Runs.CONVOLUTION).sameBits(fresh.weight(Runs.CONVOLUTION)))
                .as("the old model was fine-tuned")
                .isFalse();
        assertThat(network.weights()).allSatisfy((name, weight) -> assertThat(
                        name.startsWith("head.") || weight.sameBits(before.weight(name)))
                .as(name)
                .isTrue());
        assertThat(result.plan().classes()).containsExactly("discs", "squares", "stripes");
        assertThat(continuation.added(result.plan().classes())).containsExactly("stripes");
        assertThat(continuation.dropped(result.plan().classes())).isEmpty();

        Bundle newer = result.bundle();
        var from = newer.provenance().path("continued_from");
        assertThat(from.path("sha256").asText()).isEqualTo(Sha256.of(Files.readAllBytes(old)));
        assertThat(from.path("classes")).hasToString("[\"discs\",\"squares\"]");

        RegressionReport comparison = RegressionReport.of(continuation, result, newer, done -> {});
        assertThat(comparison.onTest()).isFalse();
        assertThat(comparison.before().total() + comparison.added().total())
                .isEqualTo(result.validation().total());
        assertThat(comparison.after().right() + comparison.added().right())
                .isEqualTo(result.validation().correct());
        assertThat(comparison.added().total()).isPositive();
    }

    @Test
    void aClassWithoutPicturesIsRefusedUnlessItMayBeForgotten() {
        GeneratedPictures.folder(work.resolve("other"), 3, 4);
        Folders.delete(work.resolve("other/squares"));
        PreviousModel continuation = PreviousModel.read(old);
        assertThatThrownBy(() -> Runs.run(headOn("other").with(BackboneSettings.BACKBONE, continuation)))
                .isInstanceOf(GraftException.class)
                .hasMessage(work.resolve("other") + ": has no pictures of 'squares', which " + old
                        + " knows; add some, as the folder holds all that the new model is to know, or let it forget"
                        + " them with drop-classes");
        TransferResult result =
                Runs.run(headOn("other").with(BackboneSettings.BACKBONE, continuation.dropClasses(true)));
        assertThat(result.plan().classes()).containsExactly("discs", "stripes");
        assertThat(continuation.dropped(result.plan().classes())).containsExactly("squares");
        assertThat(RegressionReport.of(continuation, result, result.bundle(), done -> {})
                        .pictures())
                .filteredOn(RegressionReport.Compared::known)
                .allSatisfy(each -> assertThat(each.truth()).isEqualTo("discs"))
                .isNotEmpty();
    }

    @Test
    void itsPoolingIsTakenAndWhatTheBackboneLacksIsRefused() {
        TransferSettings settings = Runs.head(work);
        Path pooled = save(settings.with(HeadSettings.POOLING, Pooling.AVERAGE), "pooled.graft");
        TransferSettings continuing = headOn("more").with(BackboneSettings.BACKBONE, PreviousModel.read(pooled));
        assertThat(continuing.get(HeadSettings.POOLING)).isEqualTo(Pooling.AVERAGE);
        assertThat(Runs.run(continuing).plan().classes()).hasSize(3);
        assertThatThrownBy(() -> Runs.run(continuing.with(HeadSettings.POOLING, Pooling.FEATURES)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(
                        pooled + ": its backbone ends at the feature map and has no 'classifier.0.weight'")
                .hasMessageContaining("trained with another pooling; take average, max or flatten");
        assertThat(PreviousModel.read(old).presets()).containsEntry(HeadSettings.POOLING, Pooling.FEATURES);
    }

    @Test
    void whatARunCannotStartFromIsRefused() throws IOException {
        Path file = Files.write(work.resolve("tiny_16.onnx"), ForeignFiles.bytes("tiny_16.onnx"));
        TransferSettings onnx = Runs.head(work)
                .without(BackboneSettings.IMAGE_SIZE)
                .with(BackboneSettings.BACKBONE, new BackboneSource.OnnxFile(file));
        refused(save(onnx, "onnx.graft"), "came from an ONNX file", "train again with backbone FILE.onnx");

        byte[] bytes = Files.readAllBytes(old);
        refused(
                Files.write(work.resolve("half.graft"), Arrays.copyOf(bytes, bytes.length / 2)),
                "not a bundle, or cut off");
        bytes[bytes.length / 2] ^= 1;
        refused(Files.write(work.resolve("flipped.graft"), bytes), "is damaged");
        refused(Files.writeString(work.resolve("text.graft"), "no bundle"), "it is not a bundle");
        refused(work.resolve("none.graft"), "no such file");
        refused(work, "is a folder, not a file");

        Bundle bundle = Bundle.read(old);
        Bundle narrow = new Bundle(
                bundle.labels(),
                InputGeometry.centerCrop(48),
                bundle.network(),
                bundle.testLogits(),
                bundle.confidence(),
                bundle.provenance());
        narrow.write(work.resolve("narrow.graft"));
        refused(work.resolve("narrow.graft"), "takes pictures as", "train again without continue");
    }
}
