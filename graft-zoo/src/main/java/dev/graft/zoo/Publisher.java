package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.model.Node;
import java.util.function.Function;

/**
 * Who publishes weights, and what holds for most of them. Where files are, how they are named and what hash they have says
 * the class that is called after it. It knows no architecture.
 *
 * @param name for users and messages
 * @param licence of its weights
 * @param geometry how pictures are prepared for them
 * @param scaling of their pixels
 */
record Publisher(String name, String licence, InputGeometry geometry, Scaling scaling) {
    /** What the networks' authors took for 224 pixels. */
    static final InputGeometry CROP = InputGeometry.centerCrop(224, 256);

    /** Weights that travel inside Graft. */
    static final Publisher GRAFT =
            new Publisher("Graft", "Apache-2.0 (weights), BSD-3-Clause (torchvision)", CROP, Scaling.IMAGENET);

    /** Google's weights out of packages of npm, whose registry or a mirror of it is enough to get them. */
    static final Publisher NPM = new Publisher("npm", "MIT (package), Apache-2.0 (Google)", CROP, Scaling.HALF);

    /**
     * A record of the zoo, for weights that were trained on ImageNet-1k and are prepared for as most of this publisher are.
     *
     * @param weights what users call them
     * @param title of the network, as its authors write it
     */
    Pretrained weights(String weights, String title, WeightSource source, Function<Node, Backbone> architecture) {
        ModelCard card = ModelCard.of(title, licence);
        return new Pretrained(weights, card, geometry, scaling.mean(), scaling.deviation(), architecture, source);
    }
}
