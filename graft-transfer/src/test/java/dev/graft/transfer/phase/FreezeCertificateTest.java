package dev.graft.transfer.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Call;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Layer;
import dev.graft.layers.Rescaling;
import dev.graft.layers.WeightSpec;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Scope;
import dev.graft.train.History;
import dev.graft.train.TrainingEvent;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.Pooling;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.plan.TransferPlan;
import dev.graft.transfer.run.Runs;
import dev.graft.transfer.run.TransferResult;
import dev.graft.transfer.run.TransferRun;
import dev.graft.transfer.split.DataSplit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate holds in a sound run, and a frozen tensor that was touched fails the run by name. */
class FreezeCertificateTest {
    private static final String FROZEN = "backbone.conv.weight";

    @TempDir
    Path work;

    /**
     * A normalisation that moves its statistics also where it is frozen: the bug that Keras' and DJL's users met. It does
     * so in libtorch's memory, in the middle of a step.
     */
    record MovingStatistics() implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public List<WeightSpec> weights(List<Shape> inputs) {
            return BatchNormalization.of(1e-3).weights(inputs);
        }

        @Override
        public <T> T forward(Call<T> call) {
            T gamma = call.weight("weight");
            T beta = call.weight("bias");
            T mean = call.weight("running_mean");
            T variance = call.weight("running_var");
            return call.training()
                    ? call.ops().batchNormTraining(call.input(), gamma, beta, mean, variance, 1e-3, 0.1)
                    : call.ops().batchNorm(call.input(), gamma, beta, mean, variance, 1e-3);
        }
    }

    private static Model backbone() {
        Node features = Node.input(3, 16, 16);
        return Model.of(
                "backbone",
                features,
                features.then("conv", Conv2D.of(8, 3).stride(2)).then("pool", GlobalAveragePooling2D.of()));
    }

    private static Network network(boolean sound) {
        Node pixels = Node.input(3, 16, 16);
        Node logits = pixels.then("preprocessing", Rescaling.of(1 / 255.0))
                .then("backbone", backbone().inInferenceMode())
                .then("hidden", Dense.of(6));
        logits = sound ? logits : logits.then("norm", new MovingStatistics());
        Network network = Network.of(Model.of("small", pixels, logits.then("head", Dense.of(2))), 1);
        network.layer("backbone").setTrainable(false);
        if (!sound) {
            network.layer("norm").setTrainable(false);
        }
        return network;
    }

    private static FeatureExtractor extractor(Network network) {
        Node pixels = Node.input(3, 16, 16);
        Map<String, HostTensor> weights = new LinkedHashMap<>(network.weights());
        weights.keySet().removeIf(name -> !name.startsWith("backbone."));
        return new FeatureExtractor(
                "small",
                pixels,
                pixels.then("preprocessing", Rescaling.of(1 / 255.0)),
                backbone(),
                Pooling.FEATURES,
                weights,
                InputGeometry.centerCrop(16),
                List.of(),
                "",
                null);
    }

    private TransferResult run(Network network, Consumer<TransferEvent> listener) {
        return run(network, false, listener);
    }

    /** With the wrong labels on the validation part, training only hurts. */
    private TransferResult run(Network network, boolean wrongValidation, Consumer<TransferEvent> listener) {
        GeneratedPictures.folder(work.resolve("pictures"), 2, 8);
        TransferSettings settings = Runs.head(work);
        LabelledPictures folder = ImageFolder.read(work.resolve("pictures"));
        Splits parts = folder.split(0.2, 0, 1);
        Splits given = wrongValidation ? new Splits(parts.train(), exchanged(parts.validation()), null) : parts;
        try (RunContext context = RunContext.open(1, listener, () -> false)) {
            PreparedRun planned = PreparedRun.of(settings, context.quiet());
            TransferSettings small = settings.without(BackboneSettings.IMAGE_SIZE);
            FeatureExtraction extraction =
                    FeatureExtraction.of(extractor(network), folder.allPictures(), small, context.quiet());
            PreparedRun prepared = new PreparedRun(
                    planned.settings(),
                    extraction,
                    planned.extractor(),
                    new DataSplit(given, planned.split().care(), Map.of()),
                    new TransferNetwork(network, InputGeometry.centerCrop(16), List.of()),
                    headOf(planned.plan(), network),
                    planned.begun());
            return TransferRun.of(prepared, context);
        }
    }

    /** The same plan for a network in which more trains than the head. */
    private static TransferPlan headOf(TransferPlan plan, Network network) {
        HeadPhase head = plan.head().orElseThrow();
        Set<String> trains = network.trainableWeights();
        return new TransferPlan(
                plan.model(),
                plan.geometry(),
                plan.classes(),
                plan.counts(),
                plan.training(),
                plan.validation(),
                plan.test(),
                plan.source(),
                plan.care(),
                plan.advice(),
                plan.parameters(),
                List.of(new HeadPhase(head.head(), head.training(), head.learningRate(), trains, 0)),
                plan.onnx(),
                plan.notes());
    }

    private static PictureSet exchanged(PictureSet set) {
        return new PictureSet(
                set.classes(),
                set.pictures().stream()
                        .map(picture -> new Picture(picture.path(), 1 - picture.label()))
                        .toList());
    }

    private static Consumer<TransferEvent> atTheSecondEpoch(Runnable action) {
        return event -> {
            if (event instanceof TransferEvent.Training training
                    && training.event() instanceof TrainingEvent.StepDone step
                    && step.epoch() == 2
                    && step.step() == 1) {
                action.run();
            }
        };
    }

    @Test
    void aSoundRunIsCertified() {
        Network network = network(true);
        String before = FreezeCertificate.of(network).digest();
        TransferResult result = run(network, event -> {});
        assertThat(Runs.frozen(result, "head")).isEqualTo(before);
        assertThat(result.histories().get(0).bestEpoch()).isPositive();
    }

    @Test
    void aFrozenTensorTouchedInLibtorchFailsTheRunByName() {
        long live = Scope.liveTensors();
        assertThatThrownBy(() -> run(network(false), event -> {}))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("frozen weights changed in training")
                .hasMessageContaining("norm.running_mean, norm.running_var; nothing was saved")
                .hasMessageNotContaining("norm.bias");
        assertThat(Scope.liveTensors()).isEqualTo(live);
    }

    /** No epoch's weights are taken over, and yet what happened to the frozen ones is seen. */
    @Test
    void alsoWhereTrainingOnlyHurts() {
        List<History> histories = new ArrayList<>();
        assertThatThrownBy(() -> run(network(false), true, event -> {
                    if (event instanceof TransferEvent.Training training
                            && training.event() instanceof TrainingEvent.PhaseDone done) {
                        histories.add(done.history());
                    }
                }))
                .hasMessageContaining("norm.running_mean");
        assertThat(histories.get(0).bestEpoch()).isZero();
    }

    /** A phase trains a copy. */
    @Test
    void whatBecomesOfTheNetworkThatWasGivenDoesNotReachTheRun() {
        Network network = network(true);
        HostTensor was = network.weight(FROZEN);
        Runnable replace =
                () -> network.setWeights(Map.of(FROZEN, HostTensor.of(was.shape(), new float[was.elements()])));
        TransferResult result = run(network, atTheSecondEpoch(replace));
        assertThat(network.weight(FROZEN).sameBits(was)).isFalse();
        assertThat(result.network().network().weight(FROZEN).sameBits(was)).isTrue();
    }

    @Test
    void aFrozenTensorThatIsReplacedIsNamed() {
        Network network = network(true);
        FreezeCertificate certificate = FreezeCertificate.of(network);
        network.setWeights(
                Map.of(FROZEN, HostTensor.allocate(network.weight(FROZEN).shape())));
        assertThatThrownBy(() -> certificate.verify(network))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining(FROZEN);
    }

    @Test
    void aFrozenTensorWrittenIntoFailsTheRunByName() {
        Network network = network(true);
        Runnable write = () -> network.weight(FROZEN).put(7, 42);
        assertThatThrownBy(() -> run(network, atTheSecondEpoch(write)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining(FROZEN);
    }

    @Test
    void theSmallestChangeOfBitsShows() {
        Network network = network(true);
        FreezeCertificate certificate = FreezeCertificate.of(network);
        assertThat(certificate.hashes()).containsOnlyKeys(FROZEN, "backbone.conv.bias");
        assertThatCode(() -> certificate.verify(network)).doesNotThrowAnyException();
        float was = network.weight(FROZEN).get(3);
        network.weight(FROZEN).put(3, Math.nextUp(was));
        assertThatThrownBy(() -> certificate.verify(network)).hasMessageContaining(FROZEN);
        network.weight(FROZEN).put(3, was);
        network.weight("head.weight").put(0, 1);
        assertThatCode(() -> certificate.verify(network)).doesNotThrowAnyException();
    }

    @Test
    void theDigestIsOfNamesAndValues() {
        String digest = FreezeCertificate.of(network(true)).digest();
        assertThat(digest)
                .hasSize(64)
                .isEqualTo(FreezeCertificate.of(network(true)).digest());
        Network other = network(true);
        other.weight(FROZEN).put(0, 1);
        assertThat(FreezeCertificate.of(other).digest()).isNotEqualTo(digest);
    }
}
