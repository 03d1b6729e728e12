package dev.graft.preprocessing;

import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchOps;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One layer without weights as a model, and pictures for it. */
final class ModelRun {
    private ModelRun() {}

    static Program program(Layer layer, Shape input) {
        Node node = Node.input(Arrays.copyOfRange(input.sizes(), 1, input.rank()));
        return Program.of(Model.of("model", node, node.then("layer", layer)));
    }

    /** A training call in libtorch, after seeding its generator. */
    static HostTensor training(Layer layer, HostTensor batch, long seed) {
        Torch.seed(seed);
        try (var scope = Scope.open()) {
            return program(layer, batch.shape())
                    .run(new TorchOps(), ModelRun::noWeight, List.of(Tensor.of(batch, Device.CPU)), true, step -> true)
                    .get(0)
                    .toHost();
        }
    }

    static HostTensor inference(Layer layer, HostTensor batch) {
        return Engines.torch(program(layer, batch.shape()), Map.of(), List.of(batch))
                .get(0);
    }

    static HostTensor onnx(Layer layer, HostTensor batch) {
        return Engines.onnx(program(layer, batch.shape()), Map.of(), List.of(batch))
                .get(0);
    }

    private static Tensor noWeight(String name) {
        throw new AssertionError("the layer asks for a weight " + name);
    }

    /** Pixels 0..255 without any pattern. */
    static HostTensor pixels(int... sizes) {
        HostTensor pixels = HostTensor.allocate(Shape.of(sizes));
        for (int i = 0; i < pixels.elements(); i++) {
            pixels.put(i, (float) Math.floor((Formula.noise("pixels", i) + 1) * 128));
        }
        return pixels;
    }

    /** One picture of a batch. */
    static HostTensor item(HostTensor batch, int index) {
        int[] sizes = batch.shape().sizes();
        int elements = (int) batch.shape().itemElements();
        float[] values = Arrays.copyOfRange(batch.toArray(), index * elements, (index + 1) * elements);
        return HostTensor.of(Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)), values);
    }

    /** That picture as a batch of one. */
    static HostTensor batchOfOne(HostTensor picture) {
        int[] sizes = picture.shape().sizes();
        return HostTensor.of(Shape.of(1, sizes[0], sizes[1], sizes[2]), picture.toArray());
    }
}
