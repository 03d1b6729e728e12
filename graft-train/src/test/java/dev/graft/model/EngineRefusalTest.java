package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Dense;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What libtorch refuses in the middle of a network. */
class EngineRefusalTest {
    @Test
    void aRefusalNamesTheLayer() {
        Node input = Node.input(4);
        Model model = Model.of("tiny", input, input.then("norm", BatchNormalization.of(1e-3)));
        Network network = Network.of(Model.of("outer", input, input.then("base", model)), 1);
        try (var scope = Scope.open()) {
            Tensor one = Tensor.of(HostTensor.allocate(Shape.of(1, 4)), Device.CPU);
            // One example has no variance to normalise with.
            assertThatThrownBy(() -> network.program()
                            .run(
                                    new TorchOps(),
                                    name -> Tensor.of(network.weight(name), Device.CPU),
                                    List.of(one),
                                    true,
                                    network::isTrainable))
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("BatchNormalization 'base.norm': ")
                    .hasMessageContaining("more than one value a channel in training, got [1, 4]; choose a batch size");
        }
    }

    @Test
    void libtorchsOwnWordsComeWithTheLayer() {
        Node input = Node.input(4);
        Network network = Network.of(Model.of("tiny", input, input.then("fc", Dense.of(2))), 1);
        try (var scope = Scope.open()) {
            Tensor wrong = Tensor.of(HostTensor.allocate(Shape.of(3, 5)), Device.CPU);
            assertThatThrownBy(() -> network.program()
                            .infer(new TorchOps(), name -> Tensor.of(network.weight(name), Device.CPU), List.of(wrong)))
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("Dense 'fc': ")
                    .hasMessageContaining("3x5")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aTensorOfAClosedScopeSaysSo() {
        Tensor gone;
        try (var scope = Scope.open()) {
            gone = Tensor.of(HostTensor.of(Shape.of(1), 1), Device.CPU);
        }
        assertThatThrownBy(gone::item)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its scope is closed");
    }
}
