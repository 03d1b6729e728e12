package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * {@code (x - mean) / deviation} a channel. Shape kept. With pixels 0..255 and torchvision's ImageNet numbers, multiply
 * those by 255 ({@link #ofPixels}).
 */
public record Normalization(List<Double> mean, List<Double> deviation) implements Layer {
    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.isEmpty() || mean.size() != deviation.size()) {
            throw new IllegalArgumentException("Normalization: as many deviations as means, and at least one");
        }
        if (deviation.stream().anyMatch(number -> !(number > 0))) {
            throw new IllegalArgumentException("Normalization: deviations are positive, got " + deviation);
        }
    }

    /** For pixels 0..255, from a mean and a deviation that are given for 0..1. */
    public static Normalization ofPixels(List<Double> mean, List<Double> deviation) {
        return new Normalization(
                mean.stream().map(number -> number * 255).toList(),
                deviation.stream().map(number -> number * 255).toList());
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.single(inputs);
        if (mean.size() != 1 && (input.rank() != 4 || input.size(1) != mean.size())) {
            throw new ShapeException(
                    "[N, " + mean.size() + ", height, width], " + mean.size() + " channels",
                    inputs,
                    "give one mean and deviation a channel");
        }
        return input;
    }

    @Override
    public <T> T forward(Call<T> call) {
        float[] scale = new float[mean.size()];
        float[] offset = new float[mean.size()];
        for (int channel = 0; channel < scale.length; channel++) {
            scale[channel] = (float) (1 / deviation.get(channel));
            offset[channel] = (float) (-mean.get(channel) / deviation.get(channel));
        }
        return call.ops().affine(call.input(), scale, offset);
    }
}
