package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Normalization;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import dev.graft.testing.LoadedNetwork;
import dev.graft.testing.NativeMemory;
import dev.graft.testing.NoTensorLeft;
import dev.graft.torch.TorchLosses.Reduction;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Native tensors and resident memory stay flat over many steps. One activation a step left behind is 150 MB. */
@Tag("slow")
@ExtendWith(NoTensorLeft.class)
class LeakTest {
    private static final int WARM_UP = 100;
    private static final int STEPS = 300;
    private static final long ALLOWED_BYTES = 20L << 20;
    private static final Algorithm ADAM_W = new Algorithm.AdamW(0.9, 0.999, 1e-8);
    private static final Shape BATCH = Shape.of(8, 3, 32, 32);

    private final HostTensor pictures = Formula.input(BATCH);
    private final HostTensor labels = HostTensor.of(Shape.of(8), 0, 1, 2, 0, 1, 2, 0, 1);

    private static Network network() {
        Node input = Node.input(3, 32, 32);
        Node output = input.then("norm", new Normalization(List.of(0.1, 0.2, 0.3), List.of(0.5, 0.5, 0.5)))
                .then("conv", Conv2D.of(16, 3).padding(1).noBias())
                .then("bn", BatchNormalization.of(1e-3))
                .then("relu", Activation.relu())
                .then("conv2", Conv2D.of(16, 3).stride(2).padding(1))
                .then("swish", Activation.of(Activation.Kind.HARD_SWISH))
                .then("pool", GlobalAveragePooling2D.of())
                .then("drop", Dropout.of(0.2))
                .then("fc", Dense.of(3));
        return Network.of(Model.of("leak", input, output), 1);
    }

    @Test
    void trainingStepsLeaveNothingBehind() {
        try (var loaded = new LoadedNetwork(network());
                var optimizer =
                        TorchOptimizer.of(ADAM_W, List.of(new TorchOptimizer.Group(loaded.parameters(), 1e-3, 1e-2)))) {
            checkFlat(() -> train(loaded, optimizer));
        }
    }

    private void train(LoadedNetwork loaded, TorchOptimizer optimizer) {
        try (var scope = Scope.open()) {
            Tensor logits = loaded.run(true, Tensor.of(pictures, Device.CPU)).get(0);
            Tensor loss = TorchLosses.crossEntropy(logits, Tensor.of(labels, Device.CPU), 0.1, Reduction.MEAN);
            loss.backward();
            optimizer.setLearningRate(0, 1e-4);
            optimizer.step();
            assertThat(loss.item()).isFinite();
        }
    }

    @Test
    void clippedStepsFromSeveralBatchesWithMeansLeaveNothingBehind() {
        HostTensor megabyte = HostTensor.allocate(Shape.of(1 << 18));
        megabyte.put(0, 1);
        for (Clipping clipping : List.of(new Clipping.Norm(0.5), new Clipping.Value(0.5))) {
            Tensor kept;
            Tensor mean;
            try (var scope = Scope.open()) {
                kept = Tensor.of(megabyte, Device.CPU).keep().requireGradient();
                mean = kept.copy().keep();
            }
            var group = new TorchOptimizer.Group(List.of(kept), 1e-3, 0);
            try (var optimizer = TorchOptimizer.of(ADAM_W, List.of(group), clipping)) {
                checkFlat(() -> {
                    try (var scope = Scope.open()) {
                        Probe.dot(kept, megabyte).backward();
                        Probe.dot(kept, megabyte).backward();
                    }
                    optimizer.scaleGradients(0.5);
                    optimizer.step();
                    mean.moveTowards(kept, 0.1);
                    mean.swap(kept);
                    mean.swap(kept);
                    try (var random = RandomState.keep()) {
                        Torch.seed(1);
                    }
                });
            }
            kept.close();
            mean.close();
        }
    }

    @Test
    void stepsThatFailInTheMiddleLeaveNothingBehind() {
        try (var loaded = new LoadedNetwork(network())) {
            checkFlat(() -> assertThatThrownBy(() -> fail(loaded)).isInstanceOf(RuntimeException.class));
        }
    }

    /** Labels for another number of pictures: libtorch refuses after the whole forward pass. */
    private void fail(LoadedNetwork loaded) {
        try (var scope = Scope.open()) {
            Tensor logits = loaded.run(true, Tensor.of(pictures, Device.CPU)).get(0);
            Tensor two = Tensor.of(HostTensor.of(Shape.of(2), 0, 1), Device.CPU);
            TorchLosses.crossEntropy(logits, two, 0, Reduction.MEAN);
        }
    }

    @Test
    void optimizersAndKeptTensorsThatAreClosedLeaveNothingBehind() {
        HostTensor megabyte = HostTensor.allocate(Shape.of(1 << 18));
        checkFlat(() -> {
            Tensor kept;
            try (var scope = Scope.open()) {
                kept = Tensor.of(megabyte, Device.CPU).keep().requireGradient();
            }
            // The first step allocates two megabytes of state.
            try (var optimizer = TorchOptimizer.of(ADAM_W, List.of(new TorchOptimizer.Group(List.of(kept), 1e-3, 0)));
                    var scope = Scope.open()) {
                Probe.dot(kept, megabyte).backward();
                optimizer.step();
            }
            kept.close();
        });
    }

    @Test
    void optimizersThatGetAnothersStateLeaveNothingBehind() {
        HostTensor megabyte = HostTensor.allocate(Shape.of(1 << 18));
        Tensor kept;
        try (var scope = Scope.open()) {
            kept = Tensor.of(megabyte, Device.CPU).keep().requireGradient();
        }
        var groups = List.of(new TorchOptimizer.Group(List.of(kept), 1e-3, 0));
        try (var first = TorchOptimizer.of(ADAM_W, groups)) {
            try (var scope = Scope.open()) {
                Probe.dot(kept, megabyte).backward();
            }
            first.step();
            Runnable restore = () -> {
                try (var other = TorchOptimizer.of(ADAM_W, groups)) {
                    other.restore(first.state());
                }
            };
            // Two megabytes of copies a step let the heap grow at first; one archive left behind a step would be 600.
            repeat(STEPS, restore);
            checkFlat(restore, 250L << 20);
        } finally {
            kept.close();
        }
    }

    @Test
    void onnxRunsLeaveNothingBehind() {
        Network network = network();
        OnnxGraph graph = OnnxGraph.of(network.program(), network.weights());
        try (var session = OnnxSession.open(graph, 1)) {
            checkFlat(() -> session.run(List.of(pictures)));
        }
        checkFlat(() -> {
            try (var session = OnnxSession.open(graph, 1)) {
                session.run(List.of(pictures));
            }
        });
    }

    private static void checkFlat(Runnable step) {
        checkFlat(step, ALLOWED_BYTES);
    }

    private static void checkFlat(Runnable step, long allowed) {
        repeat(WARM_UP, step);
        long live = Scope.liveTensors();
        long resident = NativeMemory.bytes();
        repeat(STEPS, step);
        assertThat(Scope.liveTensors()).as("live tensors").isEqualTo(live);
        assertThat(NativeMemory.bytes() - resident).as("bytes of growth").isLessThan(allowed);
    }

    private static void repeat(int times, Runnable step) {
        for (int i = 0; i < times; i++) {
            step.run();
        }
    }
}
