package dev.graft.testing;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Inputs and weights by formula, bit for bit those of {@code tools/reference/README.md}, "Networks". */
public final class Formula {
    private Formula() {}

    public static HostTensor input(Shape shape) {
        HostTensor input = HostTensor.allocate(shape);
        for (int i = 0; i < input.elements(); i++) {
            input.put(i, (float) (((i * 7919L) % 2003) / 2003.0 * 2.0 - 1.0));
        }
        return input;
    }

    /** In [-1, 1), random by the look of it. */
    public static double noise(String name, int index) {
        return noise(crc32(name), index);
    }

    public static HostTensor weight(String name, Shape shape, double gain) {
        int crc = crc32(name);
        double scale = gain / Math.sqrt(shape.rank() < 2 ? 1 : shape.itemElements());
        String part = name.substring(name.lastIndexOf('.') + 1);
        HostTensor weight = HostTensor.allocate(shape);
        for (int i = 0; i < weight.elements(); i++) {
            double noise = noise(crc, i);
            double value;
            if (part.equals("running_var")) {
                value = 1.0 + 0.5 * noise;
            } else if (part.equals("weight")) {
                value = shape.rank() >= 2 ? noise * scale : 1.0 + 0.1 * noise;
            } else {
                value = 0.1 * noise;
            }
            weight.put(i, (float) value);
        }
        return weight;
    }

    public static Map<String, HostTensor> weights(Map<String, Shape> shapes, double gain) {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> weights.put(name, weight(name, shape, gain)));
        return weights;
    }

    private static int crc32(String name) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    private static double noise(int crc, int index) {
        int h = crc ^ (index * 0x9E3779B9);
        h = (h ^ (h >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        h = h ^ (h >>> 16);
        return Integer.toUnsignedLong(h) / 2147483648.0 - 1.0;
    }
}
