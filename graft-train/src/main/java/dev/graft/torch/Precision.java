package dev.graft.torch;

import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What numbers are computed in. Outside of libtorch they are float32 whatever this says: {@link Engine#tensor} widens them,
 * {@link Tensor#toHost} rounds them back.
 */
public enum Precision {
    /** What networks are trained in. */
    FLOAT32(ScalarType.Float),
    /** As references are computed: several times slower, for comparisons. */
    FLOAT64(ScalarType.Double);

    private final ScalarType type;

    Precision(ScalarType type) {
        this.type = type;
    }

    ScalarType type() {
        return type;
    }
}
