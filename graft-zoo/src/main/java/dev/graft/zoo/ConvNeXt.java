package dev.graft.zoo;

import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.LayerNormalization;
import dev.graft.layers.LayerScale;
import dev.graft.layers.PixelDense;
import dev.graft.layers.StochasticDepth;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ConvNeXt (Liu et al. 2022, "A ConvNet for the 2020s"), with torchvision's names and numbers; Keras' differ in names only. */
final class ConvNeXt {
    private static final LayerNormalization NORM = LayerNormalization.of(1e-6);
    private static final double FIRST_SCALE = 1e-6;

    /** What timm calls the layers; its stage 1 is {@code features.2} and {@code features.3} here. */
    private static final FileNames TIMM_NAMES = FileNames.replacing(Map.ofEntries(
            Map.entry("^stem\\.", "features.0."),
            Map.entry("^stages\\.0\\.blocks\\.", "features.1."),
            Map.entry("^stages\\.1\\.downsample\\.", "features.2."),
            Map.entry("^stages\\.1\\.blocks\\.", "features.3."),
            Map.entry("^stages\\.2\\.downsample\\.", "features.4."),
            Map.entry("^stages\\.2\\.blocks\\.", "features.5."),
            Map.entry("^stages\\.3\\.downsample\\.", "features.6."),
            Map.entry("^stages\\.3\\.blocks\\.", "features.7."),
            Map.entry("\\.conv_dw\\.", ".block.0."),
            Map.entry("(\\d)\\.norm\\.", "$1.block.2."),
            Map.entry("\\.mlp\\.fc1\\.", ".block.3."),
            Map.entry("\\.mlp\\.fc2\\.", ".block.5."),
            Map.entry("\\.gamma$", ".layer_scale"),
            Map.entry("^head\\.norm\\.", "classifier.0."),
            Map.entry("^head\\.fc\\.", "classifier.2.")));

    private ConvNeXt() {}

    /** Blocks in a row, all of which keep the channels. */
    private record Group(int channels, int blocks) {}

    private static List<Group> groups(int channels, int blocks) {
        return List.of(
                new Group(channels, 3),
                new Group(2 * channels, 3),
                new Group(4 * channels, blocks),
                new Group(8 * channels, 3));
    }

    static Backbone tiny(Node input) {
        return draw("convnext_tiny", groups(96, 9), 0.1, input);
    }

    static Backbone small(Node input) {
        return draw("convnext_small", groups(96, 27), 0.4, input);
    }

    static Backbone base(Node input) {
        return draw("convnext_base", groups(128, 27), 0.5, input);
    }

    static Backbone large(Node input) {
        return draw("convnext_large", groups(192, 27), 0.5, input);
    }

    /** As Keras defines them: it drops no branches. */
    static Backbone keras(String variant, Node input) {
        String name = "convnext_" + variant + "_keras";
        List<Group> groups =
                switch (variant) {
                    case "tiny" -> groups(96, 9);
                    case "small" -> groups(96, 27);
                    case "base" -> groups(128, 27);
                    case "large" -> groups(192, 27);
                    default -> throw new IllegalArgumentException("no ConvNeXt " + variant);
                };
        return draw(name, groups, 0, input).withFileNames(KerasConvNeXtLayers.fileNames());
    }

    /** @param depthRate the share of the examples for which the last block is dropped in training; earlier ones less */
    private static Backbone draw(String name, List<Group> groups, double depthRate, Node input) {
        int last = groups.stream().mapToInt(Group::blocks).sum() - 1;
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("features.0")));
        int channels = groups.get(0).channels();
        Node x = input.then("features.0.0", Conv2D.of(channels, 4).stride(4)).then("features.0.1", NORM);
        int before = 0;
        for (Group group : groups) {
            if (group.channels() != Blocks.channels(x)) {
                String smaller = "features." + stages.size();
                x = x.then(smaller + ".0", NORM)
                        .then(smaller + ".1", Conv2D.of(group.channels(), 2).stride(2));
                stages.add(Stage.of(smaller));
            }
            String stage = "features." + stages.size();
            for (int block = 0; block < group.blocks(); block++) {
                x = residual(x, stage + "." + block, depthRate * before++ / last);
            }
            stages.add(Stage.of(stage));
        }
        Node features = x.then("avgpool", GlobalAveragePooling2D.of()).then("classifier.0", NORM);
        return Backbone.of(Model.of(name, input, features), x, stages, "classifier.2")
                .withFileNames(TIMM_NAMES);
    }

    private static Node residual(Node input, String name, double dropRate) {
        int channels = Blocks.channels(input);
        Node branch = input.then(
                        name + ".block.0", Conv2D.of(channels, 7).padding(3).groups(channels))
                .then(name + ".block.2", NORM)
                .then(name + ".block.3", PixelDense.of(4 * channels))
                .then(name + ".block.4", Activation.of(Activation.Kind.GELU))
                .then(name + ".block.5", PixelDense.of(channels))
                .then(name + ".layer_scale", LayerScale.of(FIRST_SCALE))
                .then(name + ".stochastic_depth", StochasticDepth.of(dropRate));
        return Node.of(name + ".add", new Add(), branch, input);
    }
}
