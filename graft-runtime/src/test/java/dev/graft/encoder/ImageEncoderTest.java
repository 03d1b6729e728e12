package dev.graft.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.Workers;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.Prediction;
import dev.graft.bundle.TinyBundles;
import dev.graft.data.ImageFolder;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.encoder.ImagePass.Seen;
import dev.graft.model.Network;
import dev.graft.preprocessing.Augmentation;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Close;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes, a file and a stream give the same numbers, those of the network; many give them in order. */
class ImageEncoderTest {
    @TempDir
    Path folder;

    private final Bundle bundle = TinyBundles.bundle(1);
    private final ImageEncoder encoder = bundle.encoder();
    private List<Path> files = List.of();

    @BeforeEach
    void makePictures() {
        files = ImageFolder.readAs(GeneratedPictures.folder(folder, 2, 6), TinyBundles.LABELS).pictures().stream()
                .map(Picture::path)
                .toList();
    }

    @AfterEach
    void close() {
        encoder.close();
    }

    @Test
    void allWaysOfAskingGiveTheSame() throws UnreadablePictureException, IOException {
        Path file = files.get(0);
        byte[] bytes = Files.readAllBytes(file);
        float[] features = encoder.encode(bytes);
        assertThat(features).hasSize(4);
        assertThat(encoder.encode(file)).isEqualTo(features);
        try (InputStream in = Files.newInputStream(file)) {
            assertThat(encoder.encode(in)).isEqualTo(features);
        }
        try (Classifier classifier = Classifier.open(bundle, "tiny", 1)) {
            Prediction prediction = classifier.predict(file);
            assertThat(classifier.predict(bytes)).isEqualTo(prediction);
            assertThat(classifier.predict(new ByteArrayInputStream(bytes))).isEqualTo(prediction);
        }
    }

    /** The head, by hand on the features, gives the logits of the whole. */
    @Test
    void theyAreWhatTheHeadTakes() throws UnreadablePictureException, IOException {
        byte[] file = Files.readAllBytes(files.get(1));
        float[] features = encoder.encode(file);
        HostTensor weight = bundle.network().weight("head.weight");
        HostTensor bias = bundle.network().weight("head.bias");
        float[] logits = new float[2];
        for (int unit = 0; unit < 2; unit++) {
            logits[unit] = bias.get(unit);
            for (int i = 0; i < features.length; i++) {
                logits[unit] += weight.get(unit * features.length + i) * features[i];
            }
        }
        try (ImageEncoder whole = ImageEncoder.of(bundle.network(), bundle.geometry())) {
            assertThat(whole.encode(file)).hasSize(2);
            Close.within(1e-5).check("logits", whole.encode(file), logits);
            assertThat(whole.key()).isNotEqualTo(encoder.key());
        }
        try (ImageEncoder same = bundle.encoder()) {
            assertThat(same.key()).isEqualTo(encoder.key());
        }
    }

    @Test
    void whatIsNoPictureIsRefusedWithTheReason() throws IOException {
        assertThatThrownBy(() -> encoder.encode("<html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isInstanceOf(UnreadablePictureException.class);
        assertThatThrownBy(() -> encoder.encode(folder.resolve("missing.png")))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessage("no such file");
    }

    @Test
    void closedItSaysSo() {
        encoder.close();
        encoder.close();
        assertThatThrownBy(() -> encoder.encode(files.get(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aPassGivesManyInOrderAndPassesOverWhatCannotBeRead() throws UnreadablePictureException {
        GeneratedPictures.writeBroken(files.get(3));
        List<Integer> progress = new ArrayList<>();
        List<Seen<float[]>> seen;
        try (Workers workers = new Workers(3)) {
            seen = ImagePass.by(workers).progress(progress::add).over(files, (index, file) -> encoder.encode(file));
        }
        assertThat(progress)
                .isEqualTo(IntStream.rangeClosed(1, files.size()).boxed().toList());
        for (int i = 0; i < files.size(); i++) {
            if (i == 3) {
                assertThat(seen.get(i).value()).isNull();
                assertThat(seen.get(i).unreadable()).isNotBlank();
            } else {
                assertThat(seen.get(i).value()).isEqualTo(encoder.encode(files.get(i)));
                assertThat(seen.get(i).unreadable()).isNull();
            }
        }
    }

    @Test
    void aPassThatIsStoppedLeavesTheRestOut() {
        AtomicInteger looked = new AtomicInteger();
        List<Seen<float[]>> seen;
        try (Workers workers = new Workers(1)) {
            seen = ImagePass.by(workers).stopWhen(() -> looked.get() == 2).over(files, (index, file) -> {
                looked.incrementAndGet();
                return encoder.encode(file);
            });
        }
        assertThat(seen).hasSize(files.size());
        assertThat(seen.stream().filter(each -> each.value() != null)).hasSize(2);
        assertThat(seen.get(2)).isEqualTo(new Seen<>(null, null));
    }

    @Test
    void aViewIsAlwaysTheSame() throws UnreadablePictureException, IOException {
        byte[] file = Files.readAllBytes(files.get(0));
        PictureReader reader = PictureReader.of(bundle.geometry()).augment(Augmentation.standard());
        Network network = bundle.network();
        try (ImageEncoder viewing = ImageEncoder.of(network.program(), network.weights(), reader)) {
            List<HostTensor> plain = viewing.allocate();
            List<HostTensor> once = viewing.allocate();
            List<HostTensor> again = viewing.allocate();
            viewing.encode(file, View.plain(), plain);
            viewing.encode(file, new View(1, 7), once);
            viewing.encode(file, new View(1, 7), again);
            assertThat(once.get(0).toArray()).isEqualTo(again.get(0).toArray());
            assertThat(once.get(0).toArray()).isNotEqualTo(plain.get(0).toArray());
            assertThat(viewing.outputBytes()).isEqualTo(plain.get(0).elements() * Float.BYTES);
        }
    }
}
