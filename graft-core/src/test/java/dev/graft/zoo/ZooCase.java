package dev.graft.zoo;

import static dev.graft.testing.Reference.at;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Formula;
import dev.graft.testing.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A network of {@code zoo_*.json}, Vision Transformers much smaller than published, with weights by formula, which gives the output of each stored stage and the logits. */
record ZooCase(JsonNode json, Backbone backbone) {
    private static final int CLASSES = 10;
    /** The stored VGGs have small dense layers; with 4096 units these would take half a gigabyte. */
    private static final int VGG_UNITS = 32;

    static Stream<String> names() {
        return Stream.of(
                "mobilenet_v2",
                "mobilenet_v3_large",
                "resnet18",
                "resnet50",
                "resnext50_32x4d",
                "efficientnet_b0",
                "efficientnet_v2_s",
                "densenet121",
                "inception_v3",
                "xception",
                "convnext_tiny",
                "mobilenet_v2_keras_0.35",
                "mobilenet_v3_small_keras",
                "mobilenet_v3_large_keras",
                "efficientnet_b0_keras",
                "efficientnet_v2_b0_keras",
                "convnext_tiny_keras",
                "vit",
                "vit_resized",
                "vgg11",
                "vgg16_bn",
                "resnet50_keras",
                "densenet121_keras",
                "vgg16_keras");
    }

    static ZooCase named(String name) {
        JsonNode json = Reference.read("zoo_" + name + ".json");
        int size = Reference.shape(at(json, "input_shape")).size(2);
        return new ZooCase(
                json,
                switch (name) {
                    case "vgg11" -> Vgg.draw(Vgg.VGG_11, Vgg.Flavour.PLAIN, VGG_UNITS, Node.input(3, size, size));
                    case "vgg16_bn" ->
                        Vgg.draw(Vgg.VGG_16, Vgg.Flavour.NORMALISED, VGG_UNITS, Node.input(3, size, size));
                    case "vgg16_keras" -> Vgg.draw(Vgg.VGG_16, Vgg.Flavour.KERAS, VGG_UNITS, Node.input(3, size, size));
                    case "vit", "vit_resized" ->
                        new VisionTransformer("vit", 16, 48, 3, 4, 64).draw(Node.input(3, size, size));
                    default -> Zoo.pretrained(ofTorchvision(name)).backbone(size);
                });
    }

    /** The zoo's name of a network of torchvision's; the plain one is Google's Inception. */
    static String ofTorchvision(String network) {
        return network.equals("inception_v3") ? "inception_v3_torchvision" : network;
    }

    HostTensor input() {
        return Formula.input(Reference.shape(at(json, "input_shape")));
    }

    /** The stages' names, in the order of the network's outputs, which then ends with the logits. */
    List<String> stages() {
        List<String> names = new ArrayList<>();
        at(json, "stages").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The last layer of that name, or below it. */
    String lastLayer(String stage) {
        return backbone.model().nodes().stream()
                .map(Node::name)
                .filter(name -> name.equals(stage) || name.startsWith(stage + "."))
                .reduce((before, last) -> last)
                .orElseThrow(() -> new IllegalArgumentException("no layer " + stage));
    }

    Network network() {
        Model whole = backbone.withTop(CLASSES);
        List<Node> outputs = new ArrayList<>();
        stages().forEach(stage -> outputs.add(whole.layer(lastLayer(stage))));
        outputs.add(whole.outputs().get(0));
        Model model = Model.of("case", whole.inputs(), outputs);
        Program program = Program.of(model);
        double gain = at(json, "gain").doubleValue();
        return Network.of(model, Formula.weights(program.weightShapes(), gain), 1);
    }

    HostTensor logits() {
        return Reference.matrix(at(json, "logits"));
    }
}
