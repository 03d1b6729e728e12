package dev.graft.preprocessing;

import dev.graft.GraftException;
import dev.graft.data.CropBox;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A box of every picture of a batch, or of every map of features, replaced by that of another one of it; targets are mixed by the areas (Yun et al.,
 * <a href="https://arxiv.org/abs/1905.04899">arXiv 1905.04899</a>). With one {@code λ ~ Beta(alpha, alpha)} for the batch
 * the box takes {@code 1 - λ} of the area; as in torchvision's reference training, its middle is anywhere, what lies beyond
 * the edge is cut off, and λ becomes the share that is really left.
 *
 * @param alpha above 0; 1 is usual: every share is equally likely
 */
public record CutMix(double alpha) implements BatchMixing {
    private static final int MAP = 4;

    public CutMix {
        Mixing.requireAlpha("CutMix", alpha);
    }

    public static CutMix of(double alpha) {
        return new CutMix(alpha);
    }

    @Override
    public Mixture draw(List<Shape> inputs, SplittableRandom random) {
        int rows = Mixing.rows("CutMix", inputs);
        Shape first = inputs.get(0);
        boolean maps = inputs.stream()
                .allMatch(shape ->
                        shape.rank() == MAP && shape.size(2) == first.size(2) && shape.size(3) == first.size(3));
        if (!maps) {
            throw new GraftException("CutMix: expected maps [N, channels, height, width] of one size, got "
                    + Mixing.shown(inputs) + "; features have no places, MixUp mixes them");
        }
        int height = first.size(2);
        int width = first.size(3);
        CropBox box = box(height, width, Mixing.beta(alpha, random), random);
        double kept = 1 - (double) (box.height() * box.width()) / (height * width);
        return new Mixture(Mixing.permutation(rows, random), kept, Optional.of(box));
    }

    static CropBox box(int height, int width, double lambda, SplittableRandom random) {
        double half = 0.5 * Math.sqrt(1 - lambda);
        int halfHeight = (int) (half * height);
        int halfWidth = (int) (half * width);
        int middleX = random.nextInt(width);
        int middleY = random.nextInt(height);
        int top = Math.max(0, middleY - halfHeight);
        int left = Math.max(0, middleX - halfWidth);
        int bottom = Math.min(height, middleY + halfHeight);
        int right = Math.min(width, middleX + halfWidth);
        return new CropBox(top, left, bottom - top, right - left);
    }
}
