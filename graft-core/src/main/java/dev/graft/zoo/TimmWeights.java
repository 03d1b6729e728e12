package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import java.util.stream.Stream;

/** What timm publishes as safetensors, of networks that torchvision does not have or not with these weights. */
final class TimmWeights {
    private TimmWeights() {}

    static Stream<Pretrained> all() {
        return Stream.of(new Pretrained(
                "vit_s_16",
                new ModelCard("Vision Transformer S/16", "ImageNet-21k, then ImageNet-1k", 81.4, "Apache-2.0 (timm)"),
                InputGeometry.centerCrop(224, 248).bicubic(),
                KerasWeights.HALF,
                KerasWeights.HALF,
                VisionTransformer::s16,
                new WeightSource.Published(
                        "timm", "vit_small_patch16_224.augreg_in21k_ft_in1k/model.safetensors", 84.2)));
    }
}
