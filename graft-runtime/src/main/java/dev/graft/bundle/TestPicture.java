package dev.graft.bundle;

import dev.graft.data.InputGeometry;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;

/** The picture that every bundle is checked with: pixel number i, over channels, rows and columns, is 7919 i mod 256. */
public final class TestPicture {
    private TestPicture() {}

    /** As the network's input, {@code [1, 3, S, S]}. */
    public static HostTensor of(InputGeometry geometry) {
        HostTensor pixels = HostTensor.allocate(Shape.of(1, 3, geometry.size(), geometry.size()));
        for (int i = 0; i < pixels.elements(); i++) {
            pixels.put(i, Math.floorMod(7919L * i, 256));
        }
        return pixels;
    }
}
