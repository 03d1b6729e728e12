package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.heads.Head;
import dev.graft.train.ParameterGroup;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TransferSettingsTest {
    private static final TransferSettings GOOD = TransferSettings.of(Path.of("pictures"));

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("batch: expected at least 1, got 0", () -> GOOD.with(RunSettings.BATCH, 0)),
                refused("views: expected at least 1, got 0", () -> GOOD.with(RunSettings.VIEWS, 0)),
                refused("threads: expected at least 1, got -1", () -> GOOD.with(RunSettings.THREADS, -1)),
                refused(
                        "threads: expected at most 1024, got 2147483647",
                        () -> GOOD.with(RunSettings.THREADS, Integer.MAX_VALUE)),
                refused(
                        "views: expected at most 10000, got 2147483647",
                        () -> GOOD.with(RunSettings.VIEWS, Integer.MAX_VALUE)),
                refused(
                        "lr: expected a learning rate of at most 1e15, usually 1e-5",
                        () -> Runs.trained(GOOD, 1, 3e38)),
                refused(
                        "fine-tune-lr: expected a learning rate of at most 1e15",
                        () -> GOOD.with(TuningSettings.LEARNING_RATE, 1e39)),
                refused(
                        "rate: 'head': expected a learning rate of at most 1e15",
                        () -> GOOD.with(TuningSettings.RATES, List.of(new ParameterGroup("head", 1e16, null)))),
                refused(
                        "rate: 'head': expected a learning rate above 0, got -1",
                        () -> TuningSettings.RATES.parse("head=-1")),
                refused(
                        "weight-decay: expected 0 or more, at most 1e15",
                        () -> GOOD.with(TuningSettings.WEIGHT_DECAY, 1e39)),
                refused("clip-norm: expected 0 or more, at most 1e15", () -> GOOD.with(TuningSettings.CLIP_NORM, 1e39)),
                refused("batch: with batch-norm moving a batch needs at least 2 pictures", () -> GOOD.with(
                                TuningSettings.BATCH_NORM, BatchNormPolicy.MOVING)
                        .with(RunSettings.BATCH, 1)),
                refused(
                        "epochs: 0 epochs: a fresh head would spoil the backbone; say no-head-first",
                        () -> Runs.trained(GOOD, 0, 1)),
                refused("lr: expected a learning rate above 0, got 0", () -> Runs.trained(GOOD, 1, 0)),
                refused("lr: expected a learning rate above 0, got NaN", () -> Runs.trained(GOOD, 1, Double.NaN)),
                refused(
                        "fine-tune-lr: expected a learning rate above 0, got -1",
                        () -> GOOD.with(TuningSettings.LEARNING_RATE, -1.0)),
                refused("fine-tune-epochs: expected at least 0, got -2", () -> GOOD.with(TuningSettings.EPOCHS, -2)),
                refused(
                        "test-split: expected a share from 0 to below 0.8, got 0.8",
                        () -> GOOD.with(DataSettings.TEST_SHARE, 0.8)));
    }

    private static Arguments refused(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatCannotBeIsRefusedByName(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(GraftException.class).hasMessageStartingWith(message);
    }

    @TempDir
    Path work;

    @Test
    void whatCannotBeDoneIsToldBeforeAnythingRuns() {
        TransferSettings settings = Runs.fineTuned(work, "layer4");
        assertThatThrownBy(() -> Runs.run(settings)).hasMessageStartingWith("unfreeze: no stage 'layer4'");
        TransferSettings resnet =
                settings.with(BackboneSettings.BACKBONE, new BackboneSource.OfZoo("mobilenet_v3_smal"));
        assertThatThrownBy(() -> Runs.run(resnet)).hasMessageContaining("did you mean 'mobilenet_v3_small'?");
        TransferSettings huge = settings.with(BackboneSettings.BACKBONE, new BackboneSource.OfZoo("mobilenet_v3_small"))
                .with(BackboneSettings.IMAGE_SIZE, 100_000);
        assertThatThrownBy(() -> Runs.run(huge))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("image-size: ");
        TransferSettings knn = settings.with(HeadSettings.HEAD, new Head.Nearest(3));
        assertThatThrownBy(() -> Runs.run(knn)).hasMessageStartingWith("head: 'knn' keeps examples");
        Head wide = new Head.DenseLayers(List.of(8, Integer.MAX_VALUE), 0);
        assertThatThrownBy(() -> Runs.run(settings.with(HeadSettings.HEAD, wide)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("hidden: 2147483647 units on 8 inputs are more than the");
        assertThat(work.resolve("cache")).doesNotExist();
    }
}
