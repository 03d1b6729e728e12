package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import java.nio.file.Path;
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
                refused("batch: expected at least 1, got 0", () -> GOOD.batchSize(0)),
                refused("views: expected at least 1, got 0", () -> GOOD.views(0)),
                refused("threads: expected at least 1, got -1", () -> GOOD.threads(-1)),
                refused("epochs: expected at least 1, got 0", () -> Runs.trained(0, 1)),
                refused("lr: expected a learning rate above 0, got 0", () -> Runs.trained(1, 0)),
                refused("lr: expected a learning rate above 0, got NaN", () -> Runs.trained(1, Double.NaN)),
                refused("fine-tune-lr: expected a learning rate above 0, got -1", () -> FineTuning.standard()
                        .learningRate(-1)),
                refused("fine-tune-epochs: expected 0 or more, got -2", () -> FineTuning.standard()
                        .epochs(-2)),
                refused(
                        "test-split: expected a share from 0 to below 0.8, got 0.8",
                        () -> GOOD.data(new TransferSettings.Data(Path.of("pictures"), null, null, 0.8, false))));
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
        TransferSettings resnet = settings.base(new TransferSettings.Base("mobilenet_v3_smal", null, 0));
        assertThatThrownBy(() -> Runs.run(resnet)).hasMessageContaining("did you mean 'mobilenet_v3_small'?");
        TransferSettings huge = settings.base(new TransferSettings.Base("mobilenet_v3_small", null, 100_000));
        assertThatThrownBy(() -> Runs.run(huge))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("image-size: ");
        assertThat(work.resolve("cache")).doesNotExist();
    }
}
