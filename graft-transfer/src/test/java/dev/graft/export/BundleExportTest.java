package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.TinyBundles;
import dev.graft.data.InputGeometry;
import dev.graft.formats.WeightFormats;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for other programs computes what the network computes, or there is none. */
@Tag("slow")
class BundleExportTest {
    @TempDir
    Path folder;

    private final Bundle bundle = TinyBundles.bundle(1);
    private final BundleExport plain = BundleExport.of(bundle, "tiny.graft");

    @Test
    void everyFormIsCheckedAndWrittenInPlaceOfWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("tiny.anything"), "older");
        for (BundleExport export : List.of(
                plain,
                plain.keepingBatchNorm(),
                plain.withPreprocessing(),
                plain.withPreprocessing().keepingBatchNorm())) {
            ExportCheck check = export.toOnnx(file);
            assertThat(check.difference()).isLessThan(1e-5);
            assertThat(check.resized()).isLessThan(1e-2);
            assertThat(file).hasBinaryContent(export.graph().bytes());
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void halfPrecisionHasATolerance() throws IOException {
        Path file = folder.resolve("half.onnx");
        for (BundleExport export : List.of(
                plain.halved(),
                plain.halved().keepingBatchNorm(),
                plain.halved().withPreprocessing())) {
            assertThat(export.toOnnx(file).difference()).isBetween(1e-7, ExportCheck.HALF_TOLERANCE / 2);
            assertThat(file).hasBinaryContent(export.content());
        }
        Bundle tampered = TinyBundles.bundle(1);
        HostTensor bias = HostTensor.of(bundle.network().weight("head.bias").shape(), 1, 0);
        tampered.network().setWeights(Map.of("head.bias", bias));
        byte[] other = BundleExport.of(tampered, "other").halved().content();
        assertThatThrownBy(() -> ExportCheck.of(plain.halved(), other))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("expected at most 2e-02");
    }

    @Test
    void theFileSaysWhatItIs() throws IOException {
        Path file = folder.resolve("tiny.onnx");
        plain.toOnnx(file);
        Map<String, String> metadata = ModelProto.parseFrom(Files.readAllBytes(file)).getMetadataPropsList().stream()
                .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
        assertThat(metadata)
                .containsOnlyKeys("labels", "geometry", "graft_version", "test_logits", "temperature")
                .containsEntry("labels", "[\"discs\",\"squares\"]")
                .containsEntry(
                        "geometry",
                        "{\"size\":16,\"fit\":\"CENTER_CROP\",\"resize\":16,\"interpolation\":\"BILINEAR\"}")
                .containsEntry("graft_version", GraftVersion.get());
        List<Float> logits = List.of(new ObjectMapper().readValue(metadata.get("test_logits"), Float[].class));
        assertThat(logits).isEqualTo(bundle.testLogits());
    }

    @Test
    void aFileThatComputesSomethingElseIsRefused() {
        Bundle tampered = TinyBundles.bundle(1);
        HostTensor bias = HostTensor.of(bundle.network().weight("head.bias").shape(), 0.001f, 0);
        tampered.network().setWeights(Map.of("head.bias", bias));
        for (BundleExport export : List.of(plain, plain.keepingBatchNorm(), plain.withPreprocessing())) {
            BundleExport other = new BundleExport(
                    tampered, "other", export.keepsBatchNorm(), export.preprocesses(), export.inHalf());
            assertThatThrownBy(() -> ExportCheck.of(export, other.graph().bytes()))
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("tiny.graft: the ONNX file's logits are apart from libtorch's by")
                    .hasMessageContaining("nothing was written");
        }
    }

    /** At most 0.0015 was reached; what resizes otherwise is 0.04 apart and more. */
    @Test
    void everyGeometryIsResizedInsideTheFileAndNoOtherTakenForIt() {
        Network network = sharpNetwork();
        List<InputGeometry> geometries = List.of(
                InputGeometry.stretch(64),
                InputGeometry.stretch(64).bicubic(),
                InputGeometry.centerCrop(64, 73),
                InputGeometry.centerCrop(64, 73).bicubic());
        for (InputGeometry geometry : geometries) {
            BundleExport export = export(network, geometry);
            for (InputGeometry other : geometries) {
                byte[] content = export(network, other).graph().bytes();
                if (other.equals(geometry)) {
                    assertThat(ExportCheck.of(export, content).resized()).isLessThan(0.005);
                } else {
                    assertThatThrownBy(() -> ExportCheck.of(export, content))
                            .as(geometry + " as " + other)
                            .isInstanceOf(GraftException.class)
                            .hasMessageContaining("of resized pictures by");
                }
            }
        }
    }

    private static BundleExport export(Network network, InputGeometry geometry) {
        List<String> labels = List.of("a", "b", "c", "d", "e");
        Bundle bundle = Bundle.of(labels, geometry, network, JsonNodeFactory.instance.objectNode());
        return BundleExport.of(bundle, "sharp.graft").withPreprocessing();
    }

    /** The packed backbone with a head that is sure of what it says. */
    private static Network sharpNetwork() {
        Network network = TransferNetwork.of(new BackboneSource.OfZoo("mobilenet_v3_small"), 64, 5, 0)
                .network();
        HostTensor weight = HostTensor.allocate(network.weight("head.weight").shape());
        Random random = new Random(3);
        for (int i = 0; i < weight.elements(); i++) {
            weight.put(i, (float) random.nextGaussian() * 0.2f);
        }
        network.setWeights(Map.of("head.weight", weight));
        return network;
    }

    @Test
    void aBundleWhoseWeightsAreNotItsOwnLeavesNoFileAndKeepsTheOldOne() throws IOException {
        HostTensor weight = bundle.network().weight("head.weight");
        HostTensor other = HostTensor.allocate(weight.shape());
        for (int i = 0; i < other.elements(); i++) {
            other.put(i, weight.get(i) + (i == 0 ? 10 : 0));
        }
        bundle.network().setWeights(Map.of("head.weight", other));
        Path kept = Files.writeString(folder.resolve("kept.onnx"), "older");
        for (Path file : List.of(kept, folder.resolve("new.onnx"))) {
            assertThatThrownBy(() -> plain.toOnnx(file))
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("tiny.graft: its test picture gives");
        }
        assertThat(kept).hasContent("older");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(kept);
        }
    }

    @Test
    void aBackbonesWeightsHaveItsPublishersNames() {
        TransferNetwork drawn = TransferNetwork.of(new BackboneSource.OfZoo("mobilenet_v3_small"), 64, 2, 0);
        Bundle trained =
                Bundle.of(TinyBundles.LABELS, drawn.geometry(), drawn.network(), JsonNodeFactory.instance.objectNode());
        Path file = folder.resolve("small.safetensors");
        TorchWeights weights = BundleExport.of(trained, "small").toSafetensors(file);
        assertThat(weights.backbone()).contains("mobilenet_v3_small");
        assertThat(weights.metadata())
                .containsEntry("format", "pt")
                .containsEntry("mean", "[0.485,0.456,0.406]")
                .containsEntry("std", "[0.229,0.224,0.225]")
                .containsEntry("labels", "[\"discs\",\"squares\"]");
        WeightFile read = WeightFormats.read(file);
        assertThat(read.tensors().keySet())
                .containsExactlyElementsOf(weights.tensors().keySet());
        for (String[] pair : new String[][] {
            {"features.0.0.weight", "backbone.features.0.0.weight"},
            {"features.12.1.running_var", "backbone.features.12.1.running_var"},
            {"classifier.0.bias", "backbone.classifier.0.bias"},
            {"classifier.3.weight", "head.weight"},
            {"classifier.3.bias", "head.bias"}
        }) {
            assertThat(read.read(pair[0]).sameBits(drawn.network().weight(pair[1])))
                    .as(pair[0])
                    .isTrue();
        }
    }

    @Test
    void aNetworkThatGraftDoesNotKnowKeepsItsNames() {
        TorchWeights weights = plain.toSafetensors(folder.resolve("tiny.safetensors"));
        assertThat(weights.backbone()).isEmpty();
        assertThat(weights.tensors().keySet())
                .isEqualTo(bundle.network().weights().keySet());
        assertThat(weights.metadata()).containsKey("geometry").doesNotContainKey("mean");
    }
}
