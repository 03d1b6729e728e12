package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GeneratedPictures;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Classifier;
import dev.graft.data.InputGeometry;
import dev.graft.dataset.Dataset;
import dev.graft.export.BundleExport;
import dev.graft.export.ExportCheck;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.onnx.ForeignFiles;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.preprocessing.PixelRange;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.testing.Refusals;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.features.Features;
import dev.graft.transfer.network.OnnxUse;
import dev.graft.transfer.network.TransferNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network from an ONNX file does as a backbone of the zoo does. */
@Tag("slow")
class OnnxTransferTest {
    @TempDir
    Path work;

    private TransferSettings settings(Path file) {
        return Runs.head(work)
                .without(BackboneSettings.IMAGE_SIZE)
                .with(BackboneSettings.BACKBONE, new BackboneSource.OnnxFile(file));
    }

    private Path torchs(String name) throws IOException {
        return Files.write(work.resolve(name), ForeignFiles.bytes(name));
    }

    /** What Graft has exported and reads again is the same network with the same pictures. */
    @Test
    void theDefaultBackboneThroughAFileIsTheDefaultBackbone() throws IOException {
        TransferResult own = Runs.run(Runs.head(work));
        Bundle bundle = own.bundle();
        Path file = work.resolve("own.onnx");
        BundleExport.of(bundle, "own").toOnnx(file);
        TransferResult result = Runs.run(settings(file));
        OnnxUse use = Objects.requireNonNull(result.plan().onnx());
        assertThat(use.own()).isTrue();
        assertThat(use.pixels()).isEqualTo(PixelRange.NONE);
        assertThat(result.plan().geometry()).isEqualTo(own.plan().geometry());
        HostTensor pixels = Formula.input(Shape.of(2, 3, 48, 48));
        Close.toScale(1e-4)
                .check(
                        "features",
                        Engines.onnx(result.network().network().upTo("backbone"), pixels),
                        Engines.onnx(own.network().network().upTo("backbone"), pixels));
        assertThat(result.validation().accuracy()).isEqualTo(own.validation().accuracy());
        assertThat(result.histories().get(0).best().loss())
                .isCloseTo(own.histories().get(0).best().loss(), within(1e-3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny_9.onnx", "tiny_16.onnx", "fixed.onnx"})
    void theBundleHoldsAllOfIt(String name) throws IOException {
        Path file = torchs(name);
        TransferSettings settings = settings(file);
        TransferResult result = Runs.run(settings);
        assertThat(Runs.frozen(result, "head")).hasSize(64);
        Path saved = work.resolve("saved.graft");
        result.bundle().write(saved);
        byte[] first = Files.readAllBytes(saved);
        Runs.run(settings).bundle().write(saved);
        assertThat(saved).hasBinaryContent(first);
        Files.delete(file);
        Path picture = work.resolve("picture.png");
        GeneratedPictures.write(picture, 0, 99);
        try (Classifier classifier = Classifier.open(saved, 1)) {
            assertThat(classifier
                            .predictAll(List.of(picture), done -> {})
                            .get(0)
                            .prediction())
                    .isNotNull();
        }
        Bundle bundle = Bundle.read(saved);
        assertThat(bundle.geometry()).isEqualTo(InputGeometry.centerCrop(16, 18));
        assertThat(bundle.provenance().at("/settings/pixels").asText()).isEqualTo("IMAGENET");
        ExportCheck check = BundleExport.of(bundle, "saved").toOnnx(work.resolve("out.onnx"));
        assertThat(check.difference()).isLessThan(1e-5);
        BundleExport whole = BundleExport.of(bundle, "saved").withPreprocessing();
        if (!name.equals("tiny_9.onnx")) {
            assertThat(whole.toOnnx(work.resolve("whole.onnx")).difference()).isLessThan(1e-4);
        } else {
            Refusals.refused(
                    () -> whole.toOnnx(work.resolve("whole.onnx")), "18 is needed here", "export the file again");
            assertThat(work.resolve("whole.onnx")).doesNotExist();
        }
        assertThat(BundleExport.of(bundle, "saved")
                        .toSafetensors(work.resolve("s"))
                        .foreign())
                .isTrue();
    }

    @Test
    void itIsNotFineTuned() throws IOException {
        TransferSettings settings = settings(torchs("tiny_13.onnx"))
                .with(RunSettings.RECIPE, Recipe.CLASSIC)
                .with(TuningSettings.EPOCHS, 1);
        Refusals.refused(() -> Runs.run(settings), "computes no gradients, so it stays frozen");
    }

    @Test
    void theCutAndThePixelsAreTheCallers() throws IOException {
        var backbone = new BackboneSource.OnnxFile(torchs("tiny_13.onnx"), "/Add", PixelRange.HALF);
        TransferNetwork network = TransferNetwork.of(backbone, 2, 1);
        assertThat(network.onnx()).isEqualTo(new OnnxUse("/Add_output_0", "[1, 8, 8, 8]", PixelRange.HALF, false));
        assertThat(network.network().weight("head.weight").shape()).isEqualTo(Shape.of(2, 8));
        assertThat(network.network().parameters().trainable()).isEqualTo(18);
    }

    /** The library's own way: features once, then a small model on them. */
    @Test
    void aModelOfOnesOwnLearnsOnIt() {
        OnnxBackbone.Features base = OnnxBackbone.read("tiny", ByteBuffer.wrap(ForeignFiles.bytes("tiny_13.onnx")))
                .cut("/Flatten", 16);
        HostTensor pictures = Formula.input(Shape.of(6, 3, 16, 16));
        Dataset features =
                Features.of(Network.of(base.model(), base.weights(), 1), Dataset.ofArrays(pictures, 0, 1, 0, 1, 0, 1));
        assertThat(features.get(0).input().shape()).isEqualTo(Shape.of(8));
        Node input = Node.input(8);
        Network head = Network.of(Model.of("head", input, input.then("fc", Dense.of(2))), 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(head, Optimizer.adam(0.1), Loss.crossEntropy(), Metric.accuracy())) {
            trainer.fit(features.shuffle(1).batch(3), Phase.of(200));
            assertThat(trainer.evaluate(features.batch(6)).accuracy()).isEqualTo(1);
        }
    }
}
