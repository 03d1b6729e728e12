package dev.graft.preprocessing;

import dev.graft.data.CropBox;
import dev.graft.tensor.HostTensor;
import java.util.SplittableRandom;

/**
 * A box of every picture of a batch replaced by that of another picture of it; targets are mixed by the areas (Yun et al.,
 * <a href="https://arxiv.org/abs/1905.04899">arXiv 1905.04899</a>). With one {@code λ ~ Beta(alpha, alpha)} for the batch
 * the box takes {@code 1 - λ} of the area; as in torchvision's reference training, its middle is anywhere, what lies beyond
 * the edge is cut off, and λ becomes the share that is really left.
 *
 * @param alpha above 0; 1 is usual: every share is equally likely
 */
public record CutMix(double alpha) implements BatchMixing {
    public CutMix {
        Mixing.requireAlpha("CutMix", alpha);
    }

    public static CutMix of(double alpha) {
        return new CutMix(alpha);
    }

    @Override
    public Mixed apply(HostTensor pictures, HostTensor targets, SplittableRandom random) {
        Mixing.require("CutMix", pictures, targets);
        int height = pictures.shape().size(2);
        int width = pictures.shape().size(3);
        CropBox box = box(height, width, Mixing.beta(alpha, random), random);
        int[] partners = Mixing.permutation(pictures.shape().size(0), random);
        double kept = 1 - (double) (box.height() * box.width()) / (height * width);
        return new Mixed(paste(pictures, partners, box), Mixing.blend(targets, partners, kept));
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

    private static HostTensor paste(HostTensor pictures, int[] partners, CropBox box) {
        int[] sizes = pictures.shape().sizes();
        float[] in = pictures.toArray();
        float[] out = in.clone();
        int picture = sizes[1] * sizes[2] * sizes[3];
        for (int i = 0; i < partners.length; i++) {
            for (int channel = 0; channel < sizes[1]; channel++) {
                for (int row = 0; row < box.height(); row++) {
                    int at = (channel * sizes[2] + box.top() + row) * sizes[3] + box.left();
                    System.arraycopy(in, partners[i] * picture + at, out, i * picture + at, box.width());
                }
            }
        }
        return HostTensor.of(pictures.shape(), out);
    }
}
