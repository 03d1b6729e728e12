package dev.graft.zoo;

import static dev.graft.zoo.ConvNeXt.Variant.BASE;
import static dev.graft.zoo.ConvNeXt.Variant.LARGE;
import static dev.graft.zoo.ConvNeXt.Variant.SMALL;
import static dev.graft.zoo.ConvNeXt.Variant.TINY;

import dev.graft.data.InputGeometry;
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
import java.util.Locale;
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

    /** What makes pictures smaller is a model inside of Keras'. Files without top number the normalisation after the map. */
    private static final NameRules KERAS_LAYERS = NameRules.of("""
            (?:.*\\.)?convnext_[a-z]+_stem_conv                                            features.0.0
            (?:.*\\.)?convnext_[a-z]+_stem_layernorm                                       features.0.1
            (?:.*\\.)?convnext_[a-z]+_stage_([0-3])_block_([0-9]{1,2})_depthwise_conv      features.{1*2+1}.{2}.block.0
            (?:.*\\.)?convnext_[a-z]+_stage_([0-3])_block_([0-9]{1,2})_layernorm           features.{1*2+1}.{2}.block.2
            (?:.*\\.)?convnext_[a-z]+_stage_([0-3])_block_([0-9]{1,2})_pointwise_conv_1    features.{1*2+1}.{2}.block.3
            (?:.*\\.)?convnext_[a-z]+_stage_([0-3])_block_([0-9]{1,2})_pointwise_conv_2    features.{1*2+1}.{2}.block.5
            (?:.*\\.)?convnext_[a-z]+_stage_([0-3])_block_([0-9]{1,2})_layer_scale         features.{1*2+1}.{2}.layer_scale
            (?:.*\\.)?convnext_[a-z]+_downsampling_layernorm_([0-2])                       features.{1*2+2}.0
            (?:.*\\.)?convnext_[a-z]+_downsampling_conv_([0-2])                            features.{1*2+2}.1
            (?:.*\\.)?convnext_[a-z]+_head_layernorm                                       classifier.0
            layer_normalization(?:_[0-9]+)?                                               classifier.0
            (?:.*\\.)?convnext_[a-z]+_head_dense                                           classifier.2
            """);

    /** Layer scale's only weight is called like the layer here. */
    private static final FileNames KERAS_NAMES =
            FileNames.keras(KERAS_LAYERS).andReplacing(Map.of("\\.layer_scale\\..+", ".layer_scale"));

    private ConvNeXt() {}

    static Family family() {
        return Family.of("ConvNeXt", torchvision(), keras(), timm());
    }

    private static List<Pretrained> torchvision() {
        return List.of(
                torchvision(TINY, "convnext_tiny-983f1562.pth", 109.1)
                        .top1(82.52)
                        .prepared(InputGeometry.centerCrop(224, 236)),
                torchvision(SMALL, "convnext_small-0c510722.pth", 191.7)
                        .top1(83.616)
                        .prepared(InputGeometry.centerCrop(224, 230)),
                torchvision(BASE, "convnext_base-6075fbad.pth", 338.1).top1(84.062),
                torchvision(LARGE, "convnext_large-ea097f82.pth", 754.5).top1(84.414));
    }

    private static Pretrained torchvision(Variant variant, String file, double size) {
        return Torchvision.newer(variant.title(), file, size, variant::draw);
    }

    private static List<Pretrained> keras() {
        String tiny = "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff";
        String small = "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c";
        String base = "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6";
        String large = "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6";
        return List.of(
                keras(TINY, 109.4, tiny).top1(81.3),
                keras(SMALL, 192.3, small).top1(82.3),
                keras(BASE, 338.6, base).thenImageNet(85.3),
                keras(LARGE, 755.1, large).thenImageNet(86.3));
    }

    private static Pretrained keras(Variant variant, double size, String sha256) {
        return Keras.weights(
                        variant.network() + Keras.SUFFIX,
                        variant.title() + " in Keras",
                        Keras.sha256("convnext/" + variant.network() + ".h5", size, sha256),
                        variant::drawAsKeras)
                .licence("MIT (Meta), Apache-2.0 (Keras)")
                .prepared(InputGeometry.centerCrop(224, 256).bicubic())
                .scaled(Scaling.IMAGENET);
    }

    private static List<Pretrained> timm() {
        String tiny = "2b40f8d53b566a8c08c0c75f93ff5ac6fa33bd213afb27ee40766af7ffe5943b";
        return List.of(
                timm(TINY, "_21k", Timm.sha256("convnext_tiny.fb_in22k", 170.2, tiny)),
                timm(TINY, "_21k_1k", Timm.file("convnext_tiny.fb_in22k_ft_in1k", 109.1))
                        .thenImageNet(82.9),
                timm(SMALL, "_21k", Timm.file("convnext_small.fb_in22k", 252.8)),
                timm(SMALL, "_21k_1k", Timm.file("convnext_small.fb_in22k_ft_in1k", 191.6))
                        .thenImageNet(84.582),
                timm(BASE, "_21k", Timm.file("convnext_base.fb_in22k", 419.5)),
                timm(BASE, "_21k_1k", Timm.file("convnext_base.fb_in22k_ft_in1k", 338.0))
                        .thenImageNet(85.814),
                timm(LARGE, "_21k", Timm.file("convnext_large.fb_in22k", 876.7)),
                timm(LARGE, "_21k_1k", Timm.file("convnext_large.fb_in22k_ft_in1k", 754.5))
                        .thenImageNet(86.612));
    }

    private static Pretrained timm(Variant variant, String training, WeightSource.Published file) {
        return Timm.weights(variant.network() + training, variant.title(), file, variant::draw);
    }

    /** Blocks in a row, all of which keep the channels. */
    private record Group(int channels, int blocks) {}

    /**
     * How large it is.
     *
     * @see #draw
     */
    enum Variant {
        TINY(96, 9, 0.1),
        SMALL(96, 27, 0.4),
        BASE(128, 27, 0.5),
        LARGE(192, 27, 0.5);

        private final int channels;
        private final int blocks;
        private final double depthRate;

        Variant(int channels, int blocks, double depthRate) {
            this.channels = channels;
            this.blocks = blocks;
            this.depthRate = depthRate;
        }

        String network() {
            return "convnext_" + name().toLowerCase(Locale.ROOT);
        }

        String title() {
            return "ConvNeXt-" + name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }

        private List<Group> groups() {
            return List.of(
                    new Group(channels, 3),
                    new Group(2 * channels, 3),
                    new Group(4 * channels, blocks),
                    new Group(8 * channels, 3));
        }

        Backbone draw(Node input) {
            return ConvNeXt.draw(network(), groups(), depthRate, input).withFileNames(TIMM_NAMES);
        }

        /** As Keras defines it: it drops no branches. */
        Backbone drawAsKeras(Node input) {
            return ConvNeXt.draw(network() + Keras.SUFFIX, groups(), 0, input).withFileNames(KERAS_NAMES);
        }
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
        return Backbone.of(Model.of(name, input, features), x, stages, "classifier.2");
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
