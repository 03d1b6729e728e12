package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import dev.graft.GraftException;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Refusals;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle comes back as it was saved, and saving never leaves half a file. */
class BundleTest {
    @TempDir
    Path folder;

    private final Bundle bundle = TinyBundles.bundle(1);

    private static List<Float> logits(Bundle bundle) {
        try (InferenceSession session = InferenceSession.open(bundle.network(), 1)) {
            return session.testLogits(bundle.geometry());
        }
    }

    @Test
    void whatIsSavedComesBackAndComputesTheSameBits() {
        Path file = folder.resolve("tiny.graft");
        bundle.write(file);
        Bundle read = Bundle.read(file);
        assertThat(read.labels()).isEqualTo(bundle.labels());
        assertThat(read.geometry()).isEqualTo(bundle.geometry());
        assertThat(read.provenance()).isEqualTo(bundle.provenance());
        assertThat(read.testLogits()).isEqualTo(bundle.testLogits());
        assertThat(read.network().program()).isEqualTo(bundle.network().program());
        assertThat(read.network().frozenLayers()).isEmpty();
        bundle.network().weights().forEach((name, weight) -> assertThat(
                        read.network().weight(name).sameBits(weight))
                .as(name)
                .isTrue());
        assertThat(logits(read)).isEqualTo(logits(bundle)).isEqualTo(bundle.testLogits());
    }

    @Test
    void whatWasFrozenIsStillFrozen() {
        Path file = folder.resolve("tiny.graft");
        List<String> layers = bundle.network().layerNames();
        bundle.network().layer(layers.get(0)).setTrainable(false);
        bundle.network().layer(layers.get(2)).setTrainable(false);
        bundle.write(file);
        Network read = Bundle.read(file).network();
        assertThat(read.frozenLayers()).containsExactly(layers.get(0), layers.get(2));
        assertThat(read.trainableWeights()).isEqualTo(bundle.network().trainableWeights());
    }

    @Test
    void theTestVectorIsWhatLibtorchComputesToo() {
        HostTensor picture = TestPicture.of(bundle.geometry());
        try (var scope = Scope.open()) {
            HostTensor logits = bundle.network()
                    .program()
                    .infer(
                            new TorchOps(),
                            name -> Tensor.of(bundle.network().weight(name), Device.CPU),
                            List.of(Tensor.of(picture, Device.CPU)))
                    .get(0)
                    .toHost();
            for (int i = 0; i < 2; i++) {
                assertThat(bundle.testLogits().get(i)).isCloseTo(logits.get(i), within(1e-4f));
            }
        }
    }

    @Test
    void theSameBundleGivesTheSameBytesWithAFixedDateAndNothingCompressed() throws IOException {
        Path one = folder.resolve("one.graft");
        Path two = folder.resolve("two.graft");
        bundle.write(one);
        TinyBundles.bundle(1).write(two);
        assertThat(two).hasSameBinaryContentAs(one);
        Path again = folder.resolve("again.graft");
        Bundle.read(one).write(again);
        assertThat(again).as("read and written once more").hasSameBinaryContentAs(one);
        try (ZipFile zip = new ZipFile(one.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly("graft.json", "provenance.json", "weights.safetensors");
            assertThat(zip.stream()).allSatisfy(entry -> {
                assertThat(entry.getTimeLocal()).isEqualTo(LocalDateTime.of(1980, 1, 1, 0, 0));
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
            });
        }
        TinyBundles.bundle(2).write(two);
        assertThat(Files.readAllBytes(two)).isNotEqualTo(Files.readAllBytes(one));
    }

    @Test
    void aPlaceThatCannotBeWrittenIsToldAndLeftAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "a file");
        Path subfolder = Files.createDirectory(folder.resolve("sub"));
        Files.createDirectory(subfolder.resolve("filled"));
        refused(folder.resolve("missing/tiny.graft"), "no such folder");
        refused(file.resolve("tiny.graft"), "is a file, not a folder");
        refused(subfolder, "is a folder; give the name of a file");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(file, subfolder);
        }
    }

    private void refused(Path file, String reason) {
        Refusals.refused(() -> bundle.write(file), reason).hasMessageStartingWith(file + ": ");
    }

    /** Fails in the middle of writing, as a full disk does. */
    private static final class Unwritable extends JsonSerializable.Base {
        @Override
        public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void serializeWithType(JsonGenerator json, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            serialize(json, provider);
        }
    }

    @Test
    void anExistingBundleSurvivesAFailedWrite() throws IOException {
        Path file = folder.resolve("tiny.graft");
        bundle.write(file);
        byte[] before = Files.readAllBytes(file);
        Bundle broken = new Bundle(
                bundle.labels(),
                bundle.geometry(),
                bundle.network(),
                bundle.testLogits(),
                bundle.confidence(),
                bundle.provenance());
        broken.provenance().putPOJO("refuses", new Unwritable());
        assertThatThrownBy(() -> broken.write(file))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(file + ": cannot be written: ")
                .hasMessageContaining("No space left on device");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aBundleReplacesAnOlderOneAndWhoMayReadFilesMayReadIt() throws IOException {
        Path file = Files.writeString(folder.resolve("tiny.graft"), "older");
        bundle.write(file);
        assertThat(Bundle.read(file).labels()).isEqualTo(TinyBundles.LABELS);
        Path other = Files.writeString(folder.resolve("other"), "any file of this user");
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        Assumptions.assumeTrue(view != null, "SKIPPED: no permissions on this file system");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
    }
}
