package dev.graft.zoo;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Multiply;
import dev.graft.layers.Padding;
import dev.graft.model.Node;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What torchvision's mobile networks are made of, with torchvision's names.
 *
 * @param norm follows each convolution
 * @param padding for a kernel of so many pixels, so that a convolution of stride 1 keeps the size
 */
record Blocks(BatchNormalization norm, IntFunction<Padding> padding) {
    /** As many pixels on each side. */
    static Blocks torchvision(BatchNormalization norm) {
        return new Blocks(norm, kernel -> Padding.pixels(kernel / 2));
    }

    /** TensorFlow's padding, which is uneven at stride 2, and its epsilon. */
    static Blocks keras(double momentum) {
        return new Blocks(BatchNormalization.of(1e-3).withMomentum(momentum), kernel -> Padding.same());
    }

    /** Convolution {@code .0} that keeps the size at stride 1, normalisation {@code .1}, activation {@code .2} if any. */
    Node convBn(Node x, String name, Conv2D convolution, Activation.@Nullable Kind activation) {
        Node y = x.then(
                        name + ".0",
                        convolution
                                .padding(padding.apply(convolution.kernelHeight()))
                                .noBias())
                .then(name + ".1", norm);
        return activation == null ? y : y.then(name + ".2", Activation.of(activation));
    }

    /** Squeeze-and-excite (Hu et al. 2018): channels multiplied by gates that their means decide. */
    static Node squeezeExcite(Node x, String name, int squeezed, Activation.Kind inner, Activation.Kind gate) {
        Node gates = x.then(name + ".avgpool", GlobalAveragePooling2D.keepingDims())
                .then(name + ".fc1", Conv2D.of(squeezed, 1))
                .then(name + ".activation", Activation.of(inner))
                .then(name + ".fc2", Conv2D.of(channels(x), 1))
                .then(name + ".scale_activation", Activation.of(gate));
        return Node.of(name + ".scale", new Multiply(), x, gates);
    }

    static int channels(Node x) {
        return x.shape().size(1);
    }

    /** The nearest multiple of 8 that is not below nine tenths of the number: torchvision's {@code _make_divisible}. */
    static int divisibleBy8(double channels) {
        int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
